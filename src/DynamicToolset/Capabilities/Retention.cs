using DynamicToolset.Rules;

namespace DynamicToolset.Capabilities;

/// <summary>How long a server of metrics keeps what it has.</summary>
internal static class Retention
{
    private static readonly JsonPointer Field = JsonPointer.TryParse("/data/storageRetention")!;

    /// <summary>https://prometheus.io/docs/prometheus/latest/querying/api/#runtime-information: <c>15d</c>, <c>50GiB</c>, or <c>15d or 50GiB</c>.</summary>
    public static string? Read(ReadOnlyMemory<byte> body)
    {
        using var json = JsonAnswer.Of(body);
        if (json is null)
            return null;
        string retention = json.Find(Field) ?? "";
        return retention.Split(" or ") is { Length: 1 or 2 } amounts && amounts.All(ShownText.IsAmount) ? $"retention {retention}" : "";
    }
}
