namespace DynamicToolset.Service.Options;

/// <summary>The known word that somebody probably meant.</summary>
internal static class Suggestion
{
    private const int TwoLettersSwapped = 2;

    /// <summary>The end of a sentence, <c> (did you mean …?)</c>, or empty where no known word is near.</summary>
    public static string For(string word, IEnumerable<string> known)
    {
        string? closest = known.MinBy(candidate => Distance(word, candidate));
        bool isNear = closest is not null && Distance(word, closest) <= Math.Max(TwoLettersSwapped, closest.Length / 4);
        return isNear ? $" (did you mean {closest}?)" : "";
    }

    /// <summary>The number of letters to insert, remove or replace (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        int[] above = [.. Enumerable.Range(0, right.Length + 1)];
        for (int row = 1; row <= left.Length; row++)
        {
            int[] current = new int[right.Length + 1];
            current[0] = row;
            for (int column = 1; column <= right.Length; column++)
            {
                int replaced = above[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
                current[column] = Math.Min(replaced, Math.Min(above[column], current[column - 1]) + 1);
            }

            above = current;
        }

        return above[^1];
    }
}
