namespace DynamicToolset.Capabilities;

/// <summary>How long a metrics server keeps its data.</summary>
internal static class Retention
{
    /// <summary>https://prometheus.io/docs/prometheus/latest/querying/api/#runtime-information: <c>15d</c>, <c>50GiB</c>, or <c>15d or 50GiB</c>.</summary>
    public static string? Read(ReadOnlyMemory<byte> body)
    {
        if (JsonStart.Text(body.Span, "data", "storageRetention") is not { } retention)
            return null;
        return retention.Split(" or ") is { Length: 1 or 2 } amounts && amounts.All(ShownText.IsAmount) ? $"retention {retention}" : "";
    }
}
