using System.Text.Json.Nodes;

namespace DynamicToolset.Sandbox.Tests;

/// <summary>An open watch, read line by line.</summary>
internal sealed class Watch(HttpResponseMessage response, StreamReader lines) : IDisposable
{
    /// <summary>So that a lost event fails its test instead of holding it for ever.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public int Code => (int)response.StatusCode;

    /// <summary>The next event; null at the end.</summary>
    public async Task<JsonObject?> NextAsync()
    {
        string? line = await lines.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Deadline);
        return line is null ? null : JsonNode.Parse(line)!.AsObject();
    }

    /// <summary>The next event as type and name.</summary>
    public async Task<string> NextNameAsync()
    {
        JsonObject change = (await NextAsync())!;
        return $"{change["type"]} {change["object"]!["metadata"]!["name"]}";
    }

    public void Dispose()
    {
        lines.Dispose();
        response.Dispose();
    }
}
