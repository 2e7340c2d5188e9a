using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using DynamicToolset.Capabilities;

namespace DynamicToolset.Holmes.Generation;

/// <summary>What backends say of themselves, as the inventory tells it to the model, and as it is read back from a file of an earlier run.</summary>
public static partial class SelfDescriptions
{
    /// <summary>In characters, of all of them: a prompt is short of room. The line of each has a bound of its own.</summary>
    private const int Longest = 4000;

    private const string Heading = " What backends say of themselves:";

    /// <summary>A ConfigMap may hold anything; this is more than a file can hold of them.</summary>
    private const int MostRead = 1000;

    /// <summary>Empty where none says anything.</summary>
    internal static string Of(ImmutableArray<Backend> backends)
    {
        var text = new StringBuilder();
        foreach (Backend backend in backends.Where(b => b.Says is not null))
        {
            string sentence = $" {backend.Url.Shown} has {backend.Says}.";
            if (Heading.Length + text.Length + sentence.Length <= Longest)
                text.Append(sentence);
        }

        return text.Length == 0 ? "" : Heading + text;
    }

    /// <summary>By URL. What this program would not have written is nothing.</summary>
    /// <param name="file">The text of <c>holmes-toolsets.yaml</c>, whoever wrote it; null if there is none.</param>
    public static ImmutableDictionary<string, CapabilityLine> ReadIn(string? file)
    {
        var lines = ImmutableDictionary.CreateBuilder<string, CapabilityLine>(StringComparer.Ordinal);
        int start = file?.LastIndexOf(Heading, StringComparison.Ordinal) ?? -1;
        if (start < 0)
            return lines.ToImmutable();
        string told = file!.Substring(start, Math.Min(Longest, file.Length - start));
        foreach (Match sentence in Sentence().Matches(told).Take(MostRead))
        {
            if (CapabilityLine.TryRead(sentence.Groups["line"].Value) is { } line)
                lines[sentence.Groups["url"].Value] = line;
        }

        return lines.ToImmutable();
    }

    /// <summary>What <see cref="ReadIn"/> reads out of a file, and nothing else of it; empty if that is nothing.</summary>
    internal static string Again(string file)
    {
        ImmutableDictionary<string, CapabilityLine> lines = ReadIn(file);
        return lines.IsEmpty ? "" : Heading + string.Concat(lines.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $" {l.Key} has {l.Value.Text}."));
    }

    [GeneratedRegex(
        @" (?<url>https?://[a-z0-9.-]+:[0-9]{1,5}(?:/[A-Za-z0-9._~/-]*)?) has (?<line>[^""]*?)\.(?= http|""|$)",
        RegexOptions.None,
        PatternTimeout.None)]
    private static partial Regex Sentence();
}
