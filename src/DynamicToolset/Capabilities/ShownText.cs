using System.Text.RegularExpressions;

namespace DynamicToolset.Capabilities;

/// <summary>
/// Which texts may be shown to a model. Those of the backends pass by their words; the whole line is looked at once more before it is written.
/// </summary>
internal static partial class ShownText
{
    /// <summary>In characters, of one name or value.</summary>
    private const int LongestName = 63;

    /// <summary>Those of the chart for the Prometheus Operator have five.</summary>
    private const int MostWords = 6;

    /// <summary>With what parts are put together.</summary>
    private static readonly string[] Fixed =
        ["external", "labels", "retention", "or", "indices", "tags", "and", "others", "billions", "millions", "thousands", "of", "documents", "few"];

    /// <summary>The name of a label, a tag or an index: letters, digits and marks between them, and every word of it a known one.</summary>
    public static bool IsName(string text) => text.Length <= LongestName && Name().IsMatch(text) && AreKnown(text);

    /// <summary>The value of a label: like a name, but with slashes, as in <c>monitoring/k8s</c>. With a dot it could name a host.</summary>
    public static bool IsValue(string text) => text.Length <= LongestName && Value().IsMatch(text) && AreKnown(text);

    /// <summary>A time or a size, in digits and units: <c>15d</c>, <c>1y6w</c>, <c>50GiB</c>.</summary>
    public static bool IsAmount(string text) => Amount().IsMatch(text);

    /// <summary>Whether every word in it is one of ours, with only allowed characters in between. No sentence ends in it.</summary>
    public static bool IsOurs(string text) =>
        Line().IsMatch(text) && text.Split([' ', ',', ';', '=', '(', ')', '*', '.', '_', '/', '-'], StringSplitOptions.RemoveEmptyEntries)
            .All(word => Fixed.Contains(word) || KnownWords.Contains(word) || IsAmount(word))
        && !text.Split([' ', ',', ';', '=', '(', ')', '*', '-', '_', '/']).Any(IsAddress);

    private static bool AreKnown(string text)
    {
        string[] words = text.Split(['.', '_', '/', '-'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length is > 0 and <= MostWords && words.All(KnownWords.Contains) && !IsAddress(text);
    }

    /// <summary>Of numbers, or of a host in the cluster. A date, as indices have it, has three numbers at most.</summary>
    private static bool IsAddress(string text)
    {
        string[] parts = text.Split('.', StringSplitOptions.RemoveEmptyEntries);
        int numbers = parts.Count(part => part.All(char.IsAsciiDigit));
        return numbers > 2 || (numbers == parts.Length && numbers > 1) || (parts.Length > 1 && parts.Any(p => p is "svc" or "local"));
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9]*(?:[._-][A-Za-z0-9]+)*\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Za-z0-9]+(?:[_/-][A-Za-z0-9]+)*\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Value();

    [GeneratedRegex(@"\A(?:[0-9]{1,5}(?:ms|[ywdhms])){1,4}\z|\A(?:[0-9]{1,5}[KMGTPE]i?B){1,3}\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Amount();

    [GeneratedRegex(@"\A[a-z](?:[A-Za-z0-9 ,;=()*_/-]|\.(?! ))*[A-Za-z0-9)]\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Line();
}
