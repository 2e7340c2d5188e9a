using System.Text.Json.Nodes;
using DynamicToolset.Testing;

namespace DynamicToolset.Sandbox.Tests;

/// <summary>An open watch, read line by line.</summary>
internal sealed class Watch(HttpResponseMessage response, StreamReader lines) : IDisposable
{
    public int Code => (int)response.StatusCode;

    /// <summary>The next event; null at the end. One that is lost fails the test instead of holding it for ever.</summary>
    public async Task<JsonObject?> NextAsync()
    {
        string? line = await lines.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WithPatienceAsync();
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
