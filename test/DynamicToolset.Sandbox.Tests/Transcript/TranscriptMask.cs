using System.Text.RegularExpressions;

namespace DynamicToolset.Sandbox.Tests.Transcript;

/// <summary>Takes out of an output what is another at each run, of another server or of another kubectl.</summary>
internal static class TranscriptMask
{
    private static readonly (string Pattern, string Replacement)[] Rules =
    [
        // Times, uids and versions.
        (@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2026-01-01T00:00:00Z"),
        (@"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "00000000-0000-0000-0000-000000000000"),
        (@"(""?resourceVersion""?: ?)""\d+""", "$1\"1\""),
        // Fields and lines that only newer servers have.
        (@"^ +internalTrafficPolicy: .*\n", ""),
        (@"^( +)ipFamilies:\n(\1- .*\n)+", ""),
        (@"^ +ipFamilyPolicy: .*\n", ""),
        (@"^(IP Family Policy|IP Families|Internal Traffic Policy): .*\n", ""),
        (@"^([A-Z][A-Za-z ]*:) {2,}", "$1  "),
        // What kubectl prints in one version and not in another.
        (@"^( *)managedFields:\n(\1- .*\n|\1  .*\n)*", ""),
        (@"^( *)""managedFields"": \[\n(\1 .*\n)*\1\],?\n", ""),
        (@"^BinaryData\n====\n", ""),
        (@"^(The request is invalid): .*", "$1"),
        (@"^See https?://.*#conflicts$", "See the documentation"),
    ];

    private static readonly Regex Age = new(@"(?<![\w.-])(\d+[dhms]){1,2}(?![\w.-])(?<pad> *)", RegexOptions.CultureInvariant);
    private static readonly Regex DescribedData = new(@"(?<=^Data\n====\n).*?(?=^Events:)", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant);
    private static readonly Regex DataKey = new(@"^(?=[^\n]+:\n----\n)", RegexOptions.Multiline | RegexOptions.CultureInvariant);
    private static readonly Regex EmptyLine = new(@"^\s*\n", RegexOptions.Multiline | RegexOptions.CultureInvariant);

    public static string Apply(string output)
    {
        string text = output.Length == 0 || output.EndsWith('\n') ? output : output + "\n";
        text = EmptyLine.Replace(text, "");
        foreach ((string pattern, string replacement) in Rules)
        {
            text = Regex.Replace(text, pattern, replacement, RegexOptions.Multiline | RegexOptions.CultureInvariant);
        }

        // kubectl describes the keys of a ConfigMap in the order of a Go map, which is another at each run.
        text = DescribedData.Replace(text, data => string.Concat(DataKey.Split(data.Value).Order(StringComparer.Ordinal)));
        // The column after it stays where it is.
        return Age.Replace(text, match => match.Groups["pad"].Length == 0 ? "0s" : "0s".PadRight(match.Length));
    }
}
