using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DynamicToolset.Service.Metrics;

namespace DynamicToolset.Service.Tests.Monitoring;

/// <summary>What a query asks for, and whether there is such a thing. Whether it is a query at all is for promtool to say.</summary>
internal static partial class PromQuery
{
    private const string Quoted = @"""(?:\\.|[^""\\])*""";

    /// <summary>What Prometheus puts to every series by the ServiceMonitor.</summary>
    private static readonly ImmutableArray<string> TargetLabels = ["job", "instance", "namespace", "pod", "service", "container", "endpoint"];

    private static readonly ImmutableArray<string> Words =
    [
        "sum", "min", "max", "avg", "count", "group", "stddev", "stdvar", "topk", "bottomk", "quantile", "count_values",
        "and", "or", "unless", "bool", "offset", "inf", "nan",
    ];

    private static readonly ImmutableDictionary<string, ImmutableArray<MetricLabel>> Known = MetricDefinitions.All
        .SelectMany(SeriesOf)
        .Append(("up", []))
        .ToImmutableDictionary(s => s.Item1, s => s.Item2);

    /// <summary>Everything that is asked for and does not exist.</summary>
    public static ImmutableArray<string> ProblemsIn(string query)
    {
        Match[] selectors = [.. Token().Matches(AsQuery(query)).Where(IsSelector)];
        ImmutableArray<MetricLabel> labels = [.. selectors.SelectMany(s => Known.GetValueOrDefault(s.Groups["name"].Value, []))];
        return
        [
            .. selectors.Length == 0 ? ["it asks for nothing"] : Array.Empty<string>(),
            .. selectors.SelectMany(ProblemsOf),
            .. GroupingsIn(query).Except([.. TargetLabels, .. labels.Select(l => l.Name)]).Select(l => $"nothing has the label {l}"),
        ];
    }

    /// <summary>The labels that it groups or matches by.</summary>
    public static ImmutableArray<string> GroupingsIn(string query) =>
    [
        .. Token().Matches(AsQuery(query)).AsEnumerable()
            .SelectMany(t => t.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Distinct(),
    ];

    /// <summary>How Grafana asks for the values of a label.</summary>
    public static string AsQuery(string query) => LabelValues().Replace(query, "count by ($2) ($1)");

    private static bool IsSelector(Match token) =>
        token.Groups["name"].Success && !token.Groups["call"].Success && !Words.Contains(token.Groups["name"].Value);

    private static IEnumerable<string> ProblemsOf(Match selector)
    {
        string name = selector.Groups["name"].Value;
        if (!Known.TryGetValue(name, out ImmutableArray<MetricLabel> labels))
            return [$"there is no {name}"];
        return Matcher().Matches(selector.Groups["matchers"].Value).SelectMany(m => ProblemsOf(name, labels, m));
    }

    private static IEnumerable<string> ProblemsOf(string name, ImmutableArray<MetricLabel> labels, Match matcher)
    {
        (string label, string operation, string value) = (matcher.Groups[1].Value, matcher.Groups[2].Value, matcher.Groups[3].Value);
        if (TargetLabels.Contains(label))
            return [];
        if (labels.FirstOrDefault(l => l.Name == label) is not { } known)
            return [$"{name} has no label {label}"];
        string[] values = operation.EndsWith('~') ? value.Split('|') : [value];
        return known.Values.IsEmpty ? [] : values.Except(known.Values).Select(v => $"{label} of {name} is never {v}");
    }

    private static IEnumerable<(string, ImmutableArray<MetricLabel>)> SeriesOf(MetricDefinition metric)
    {
        if (metric.Kind != MetricKind.Histogram)
            return [(metric.Name, metric.Labels)];
        ImmutableArray<MetricLabel> bounded = metric.Labels.Add(new MetricLabel("le"));
        return [($"{metric.Name}_bucket", bounded), ($"{metric.Name}_sum", metric.Labels), ($"{metric.Name}_count", metric.Labels)];
    }

    [GeneratedRegex(
        Quoted
        + @"|\[[^\]]*\]|\d[\w.]*"
        + @"|\b(?:by|without|on|ignoring|group_left|group_right)\s*\((?<labels>[^)]*)\)"
        + @"|(?<name>[a-zA-Z_:][\w:]*)(?<call>\s*\()?(?:\s*\{(?<matchers>(?:[^}""]|" + Quoted + @")*)\})?")]
    private static partial Regex Token();

    [GeneratedRegex(@"(\w+)\s*(=~|!~|!=|=)\s*""((?:\\.|[^""\\])*)""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"label_values\(([^,]+), *(\w+)\)")]
    private static partial Regex LabelValues();
}
