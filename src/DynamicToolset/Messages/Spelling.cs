namespace DynamicToolset.Messages;

/// <summary>How far two words are from each other, for "did you mean".</summary>
public static class Spelling
{
    private const int ShortestMisspelt = 5;

    private const int LongestCompared = 64;

    private const int TwoLettersSwapped = 2;

    /// <summary>Whether one may be the other with a slip of the finger. Short words are near to nothing: too many would be.</summary>
    public static bool IsSlipOf(string word, string meant) =>
        word != meant
        && meant.Length >= ShortestMisspelt
        && meant.Length <= LongestCompared
        && Math.Abs(word.Length - meant.Length) <= TwoLettersSwapped
        && Distance(word, meant) <= TwoLettersSwapped;

    /// <summary>The number of letters to insert, remove or replace (Levenshtein).</summary>
    public static int Distance(string left, string right)
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
