using DynamicToolset.Messages;

namespace DynamicToolset.Service.Options;

/// <summary>The known word that somebody probably meant.</summary>
internal static class Suggestion
{
    private const int TwoLettersSwapped = 2;

    private const int LongestCompared = 64;

    /// <summary>The end of a sentence, <c> (did you mean …?)</c>, or empty where no known word is near.</summary>
    public static string For(string word, IEnumerable<string> known)
    {
        if (word.Length > LongestCompared)
            return "";
        string? closest = known.MinBy(candidate => Spelling.Distance(word, candidate));
        bool isNear = closest is not null && Spelling.Distance(word, closest) <= Math.Max(TwoLettersSwapped, closest.Length / 4);
        return isNear ? $" (did you mean {closest}?)" : "";
    }
}
