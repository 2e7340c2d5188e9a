using System.Globalization;

namespace DynamicToolset.Sandbox.Json;

/// <summary>Times as they stand in objects: RFC 3339, UTC, whole seconds.</summary>
internal static class KubeTime
{
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
