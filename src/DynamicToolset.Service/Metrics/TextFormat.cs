using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace DynamicToolset.Service.Metrics;

/// <summary>
/// A format in which metrics are told, and where it differs from the other: the text format 0.0.4,
/// https://prometheus.io/docs/instrumenting/exposition_formats/, and OpenMetrics 1.0, https://prometheus.io/docs/specs/om/open_metrics_spec/.
/// </summary>
internal sealed class TextFormat
{
    private const string Total = "_total";

    private readonly MediaTypeHeaderValue _mediaType;
    private readonly string _version;

    private TextFormat(string mediaType, string version)
    {
        _mediaType = new MediaTypeHeaderValue(mediaType);
        _version = version;
        ContentType = $"{mediaType}; version={version}; charset=utf-8";
    }

    public static TextFormat Plain { get; } = new("text/plain", "0.0.4");

    public static TextFormat OpenMetrics { get; } = new("application/openmetrics-text", "1.0.0");

    public string ContentType { get; }

    /// <summary>By it a reader knows that nothing was cut off.</summary>
    public string End => IsOpenMetrics ? "# EOF\n" : "";

    private bool IsOpenMetrics => ReferenceEquals(this, OpenMetrics);

    /// <summary>
    /// The format that the client prefers, or the older one: an unknown client can do more with text than with a refusal.
    /// </summary>
    /// <param name="accept">The header of the request, RFC 9110, section 12.5.1.</param>
    public static TextFormat WantedBy(StringValues accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out IList<MediaTypeHeaderValue>? ranges))
            return Plain;
        return OpenMetrics.QualityIn(ranges) > Plain.QualityIn(ranges) ? OpenMetrics : Plain;
    }

    /// <summary>What HELP and TYPE call a metric: OpenMetrics has the end of a counter's name in its samples alone.</summary>
    public string FamilyOf(MetricDefinition metric)
    {
        bool isCut = IsOpenMetrics && metric.Kind == MetricKind.Counter && metric.Name.EndsWith(Total, StringComparison.Ordinal);
        return isCut ? metric.Name[..^Total.Length] : metric.Name;
    }

    /// <summary>Null if it has no unit: OpenMetrics requires the name to end with it.</summary>
    public string? UnitOf(MetricDefinition metric)
    {
        string? word = IsOpenMetrics ? MetricUnit.WordFor(metric.Unit) : null;
        return FamilyOf(metric).EndsWith("_" + word, StringComparison.Ordinal) ? word : null;
    }

    public string EscapeHelp(string text) => IsOpenMetrics ? EscapeLabel(text) : EscapeLines(text);

    public static string EscapeLabel(string text) => EscapeLines(text).Replace("\"", "\\\"", StringComparison.Ordinal);

    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The value of <c>le</c>; OpenMetrics has whole numbers end with <c>.0</c>.</summary>
    public string Bound(double bound) =>
        IsOpenMetrics && double.IsInteger(bound) ? bound.ToString("0.0", CultureInfo.InvariantCulture) : Number(bound);

    private static string EscapeLines(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>That of the range that says most of the format; what no range covers is not wanted.</summary>
    private double QualityIn(IList<MediaTypeHeaderValue> ranges) => ranges
        .GroupBy(Closeness)
        .Where(g => g.Key > 0)
        .MaxBy(g => g.Key)?.Max(r => r.Quality ?? 1) ?? 0;

    private int Closeness(MediaTypeHeaderValue range)
    {
        if (range.MatchesAllTypes)
            return 1;
        if (!range.Type.Equals(_mediaType.Type, StringComparison.OrdinalIgnoreCase))
            return 0;
        if (range.MatchesAllSubTypes)
            return 2;
        if (!range.SubType.Equals(_mediaType.SubType, StringComparison.OrdinalIgnoreCase))
            return 0;
        if (range.Parameters.FirstOrDefault(p => p.Name.Equals("version", StringComparison.OrdinalIgnoreCase)) is not { } version)
            return 3;
        return version.GetUnescapedValue() == _version ? 4 : 0;
    }
}
