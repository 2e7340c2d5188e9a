using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace DynamicToolset.Capabilities;

/// <summary>The labels that a server of metrics puts on everything that it gives to others.</summary>
internal static partial class ExternalLabels
{
    /// <summary>
    /// By the last word of a label: their values say where the server is, and are the same whichever of its replicas answers. A value that is not would
    /// change the line with every question.
    /// </summary>
    private static readonly ImmutableArray<string> Places =
        ["account", "cluster", "datacenter", "dc", "env", "environment", "location", "project", "prometheus", "provider", "region", "site", "stage", "zone"];

    /// <summary>
    /// https://prometheus.io/docs/prometheus/latest/querying/api/#config: the configuration as the server writes it itself, in which global comes first. Only
    /// lines of the one form that it gives external labels are read, and no YAML.
    /// </summary>
    public static string? Read(ReadOnlyMemory<byte> body)
    {
        if (JsonStart.Lines(body.Span, "data", "yaml") is not { } yaml)
            return null;
        ImmutableArray<(string Name, string Value)> labels =
        [
            .. yaml.Split('\n')
                .TakeWhile((line, i) => i == 0 ? line == "global:" : line.StartsWith(' '))
                .SkipWhile(line => line != "  external_labels:").Skip(1)
                .Select(line => Label().Match(line)).TakeWhile(m => m.Success)
                .Select(m => (m.Groups["name"].Value, m.Groups["value"].Value)),
        ];
        ImmutableArray<string> shown = [.. labels.Where(l => ShownText.IsName(l.Name)).Select(l => HasPlace(l.Name, l.Value) ? $"{l.Name}={l.Value}" : l.Name)];
        return NameList.Of("external labels", shown, hasOthers: shown.Length < labels.Length);
    }

    private static bool HasPlace(string name, string value) => Places.Contains(name.Split('_')[^1]) && ShownText.IsValue(value);

    /// <summary>Any content: what may be shown is decided afterwards.</summary>
    [GeneratedRegex(@"\A    (?<name>[A-Za-z_][A-Za-z0-9_]*): ""?(?<value>[^""]*)""?\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Label();
}
