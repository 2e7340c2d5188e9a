using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using DynamicToolset.Messages;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Service.Cli;

/// <summary>The changes for people: a unified diff for each key, and one for labels, annotations and owners together.</summary>
internal static class DiffText
{
    private const string Nothing = "/dev/null";

    /// <param name="isColoured">With the colours that git diff uses.</param>
    public static string Of(ImmutableArray<ConfigMapChange> changes, bool isColoured)
    {
        var text = new StringBuilder();
        foreach (ConfigMapChange change in changes.Where(c => c.Part == ChangedPart.Data))
            Append(text, change.Key, change.Before, change.After, isColoured);
        ImmutableArray<ConfigMapChange> rest = [.. changes.Where(c => c.Part != ChangedPart.Data)];
        if (!rest.IsEmpty)
            Append(text, "metadata", Listed(rest, c => c.Before), Listed(rest, c => c.After), isColoured);
        return text.ToString();
    }

    /// <summary>Null where none of them is there on this side.</summary>
    private static string? Listed(ImmutableArray<ConfigMapChange> changes, Func<ConfigMapChange, string?> side)
    {
        var lines = new StringBuilder();
        foreach (ConfigMapChange change in changes)
        {
            if (side(change) is not { } value)
                continue;
            foreach (string line in Lines(change, value))
                lines.Append(Visible(line)).Append('\n');
        }

        return lines.Length == 0 ? null : lines.ToString();
    }

    private static IEnumerable<string> Lines(ConfigMapChange change, string value) => change.Part switch
    {
        ChangedPart.BinaryData => [$"binaryData {change.Key}"],
        ChangedPart.Label => [$"label {change.Key}: {value}"],
        ChangedPart.Annotation => [$"annotation {change.Key}: {value}"],
        ChangedPart.Owner => value.Split('\n').Select(owner => $"owner {owner}"),
        _ => throw new UnreachableException(),
    };

    private static void Append(StringBuilder text, string key, string? before, string? after, bool isColoured)
    {
        IEnumerable<DiffLine> lines =
        [
            new DiffLine(DiffLineKind.Name, "--- " + (before is null ? Nothing : $"configmap/{key}")),
            new DiffLine(DiffLineKind.Name, "+++ " + (after is null ? Nothing : $"generated/{key}")),
            .. UnifiedDiff.Of(before ?? "", after ?? ""),
        ];
        foreach (DiffLine line in lines)
        {
            string colour = isColoured ? ColourOf(line.Kind) : "";
            text.Append(colour).Append(Visible(line.Text)).Append(colour.Length > 0 ? "\e[m" : "").Append('\n');
        }
    }

    private static string ColourOf(DiffLineKind kind) => kind switch
    {
        DiffLineKind.Name => "\e[1m",
        DiffLineKind.Place => "\e[36m",
        DiffLineKind.Removed => "\e[31m",
        DiffLineKind.Added => "\e[32m",
        _ => "",
    };

    /// <summary>Whoever may write the ConfigMap must not control the reader's terminal, or make one line look like another.</summary>
    private static string Visible(string line)
    {
        var visible = new StringBuilder(line.Length + 16);
        foreach (Rune rune in line.EnumerateRunes())
        {
            if (rune.Value != '\t' && QuotedText.IsObeyed(rune))
                visible.Append(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>");
            else
                visible.Append(rune.ToString());
        }

        return visible.ToString();
    }
}
