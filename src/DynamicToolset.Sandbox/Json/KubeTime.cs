using System.Globalization;

namespace DynamicToolset.Sandbox.Json;

/// <summary>Times as they stand in objects: RFC 3339, UTC, whole seconds or, where so many are asked for, microseconds.</summary>
internal static class KubeTime
{
    private const string MicroFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffffK";

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string FormatMicro(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Whether a text is a time with exactly six digits of a second.</summary>
    public static bool IsMicro(string text) => DateTimeOffset.TryParseExact(text, MicroFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>Null where the text is no time.</summary>
    public static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;
}
