using System.Globalization;

namespace DynamicToolset.Service.Observability;

/// <summary>RFC 3339 in UTC with milliseconds, <c>2026-11-23T08:29:32.123Z</c>.</summary>
internal static class LogTimestamp
{
    public static string Format(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
