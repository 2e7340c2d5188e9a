using System.Text.Json;
using DynamicToolset.Service.Tests.Probing;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>What HolmesGPT will meet, as the commands that check backends tell it.</summary>
public sealed class ExplainQuestionTests : IDisposable
{
    private const string Up = """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]}}""";
    private const string NoUp = """{"status":"success","data":{"resultType":"vector","result":[]}}""";
    private const string ToMend = "check what it is configured to collect, or write prometheus: {enabled: false} in overrides.yaml until it has data";

    private readonly TestFolder _folder = new();
    private readonly string _file;

    public ExplainQuestionTests() => _file = _folder.Write(
        "services.yaml", "{kind: Service, metadata: {name: p, namespace: a, labels: {app: prometheus}}, spec: {ports: [{name: web, port: 9090}]}}\n");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Up, "works", "works", null)]
    [InlineData(NoUp, "no_data", "has no data", ToMend)]
    [InlineData("<!doctype html>", null, null, null)]
    public async Task It_is_shown_with_what_to_do(string body, string? verdict, string? words, string? advice)
    {
        await using LoopbackBackend backend = LoopbackBackend.Answering($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        (string, string)[] environment =
            [("HEALTH_CHECK_RESOLVE", $"p.a:9090={backend.EndPoint}"), ("HEALTH_CHECK_ALLOWED_NETWORKS", "127.0.0.0/8"), ("HEALTH_CHECK_ATTEMPTS", "1")];
        (_, string one, _) = await BuiltProgram.RunAsync(environment, "explain", "a/p", "--probe", "-f", _file);
        string lines = string.Concat(one.Split('\n').Where(l => l.StartsWith("  for HolmesGPT", StringComparison.Ordinal) || l.StartsWith("  to fix it", StringComparison.Ordinal)).Select(l => l + "\n"));
        Assert.Equal(
            (words is null ? "" : $"  for HolmesGPT {words}: asked GET /api/v1/query?query=up\n") + (advice is null ? "" : $"  to fix it     {advice}\n"), lines);

        (_, string all, _) = await BuiltProgram.RunAsync(environment, "explain", "--all", "--probe", "-f", _file);
        Assert.Matches($"healthy, it answers 200; rule prometheus{(advice is null ? "" : $"; {words}")}\n", all);
        (_, string json, _) = await BuiltProgram.RunAsync(environment, "explain", "a/p", "--probe", "-f", _file, "-o", "json");
        using JsonDocument document = JsonDocument.Parse(json);
        bool isThere = document.RootElement.GetProperty("services")[0].TryGetProperty("question", out JsonElement question);
        Assert.Equal((verdict, advice), isThere ? (question.GetProperty("verdict").GetString(), question.GetProperty("advice").GetString()) : (null, null));
        (_, _, string error) = await BuiltProgram.RunAsync(environment, "generate", "--probe", "-f", _file);
        Assert.Equal(advice is not null, error.Contains($"a/p: answers but has no data: {ToMend}", StringComparison.Ordinal));
    }
}
