using System.Text.Json.Nodes;

namespace DynamicToolset.Sandbox.Tests;

/// <summary>What the API server said.</summary>
internal sealed record Answer(int Code, JsonObject Body)
{
    public string Version => Text("metadata", "resourceVersion")!;

    public string Uid => Text("metadata", "uid")!;

    public string? Reason => Text("reason");

    public string? Message => Text("message");

    public JsonNode? At(params string[] path) => path.Aggregate((JsonNode?)Body, (node, name) => node?[name]);

    public string? Text(params string[] path) => (string?)At(path);

    /// <summary>The names of listed objects.</summary>
    public IEnumerable<string> Names => Body["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!);

    public Answer Expect(int code)
    {
        Assert.True(Code == code, $"expected {code}, got {Code}: {Body.ToJsonString()}");
        return this;
    }

    public Answer Expect(int code, string reason)
    {
        Expect(code);
        Assert.Equal("Status", Text("kind"));
        Assert.Equal("Failure", Text("status"));
        Assert.Equal(code, (int)Body["code"]!);
        Assert.Equal(reason, Reason);
        return this;
    }
}
