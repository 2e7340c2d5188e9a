using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes;
using DynamicToolset.Manifests;
using DynamicToolset.Pipeline;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Sandbox;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Tests.Cli;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tests.Probing;
using DynamicToolset.Testing;
using DynamicToolset.Yaml;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Tests.Boundary;

/// <summary>
/// Whoever may write a Service chooses text that we read. It must not choose where we connect to, nor the shape of anything that we write.
/// </summary>
public sealed class HostileServiceTests
{
    private static readonly string[] ToolsetKeys = ["toolset", "enabled", "config"];

    public static TheoryData<string> Titles => [.. HostileService.All.Select(h => h.Title)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Titles))]
    public async Task A_hostile_Service_is_left_out_or_leads_to_itself_alone(string title)
    {
        HostileService hostile = HostileService.All.Single(h => h.Title == title);
        await using LoopbackBackend victim = LoopbackBackend.AnsweringStatus("200 OK");
        ServiceManifests manifests = ServiceManifests.Read(hostile.Manifest.ToJsonString());
        Assert.Empty(manifests.Problems);
        ImmutableArray<ServiceExplanation> explained = new ToolsetPipeline(BuiltInRules.All, [], [], "").Explain(manifests.Services.Select(ServiceBounds.Within), Incumbents.None);
        Assert.Equal(hostile.Becomes, Outcome(explained));

        // Whatever name is asked for, the answer is where the attacker wants to get to.
        ConcurrentBag<string> asked = [];
        var prober = new HttpProber(
            new HttpProberOptions
            {
                Resolve = (host, port) =>
                {
                    asked.Add($"{host}:{port}");
                    return victim.EndPoint;
                },
            },
            TimeProvider.System);
        foreach (Detection.Matched found in explained.Select(e => e.Detection).OfType<Detection.Matched>())
        {
            Assert.Equal(new ProbeOutcome.Unanswered(ProbeFailure.Blocked(AddressDenial.Loopback)), ProbeOutcome.Of(await prober.AskAsync(found.Health.Request(Patience.Limit), Stop), found.Health.Accepts));
            Assert.Equal([$"{found.Service.Key.Name}.{found.Service.Key.Namespace}:{found.Port.Number}"], asked);
        }

        Assert.Equal(0, victim.Accepted);
    }

    [Fact]
    public void There_are_many_attacks() => Assert.InRange(HostileService.All.Length, 80, 1000);

    [Fact]
    public async Task On_a_running_service_none_of_them_gets_a_connection_or_changes_what_is_written()
    {
        await using LoopbackBackend victim = LoopbackBackend.AnsweringStatus("200 OK");
        await using TestCluster cluster = await TestCluster.StartAsync();
        var lines = new LogLines();
        cluster.Loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        cluster.Probing = o => o with { AllowedNetworks = [], Resolve = (_, _) => victim.EndPoint };
        int taken = HostileService.All.Where((hostile, i) => SandboxManifests.Load(cluster.Api, Renamed(hostile.Manifest, i).ToJsonString()) is null).Count();
        Assert.InRange(taken, 60, HostileService.All.Length);

        await using RunningController running = await cluster.RunAsync(s => s with { HealthCheckAttempts = 1 });
        int rejected = running.States.Last().Detected.All.OfType<Detection.Rejected>().Count();
        Assert.InRange(rejected, 40, taken);
        await TestCluster.EventuallyAsync(() => cluster.Api.Store.List(KubeResource.Events).Count >= rejected, "each has its Event");

        await cluster.HasKeysAsync("kubernetes");
        Assert.Equal(0, victim.Accepted);
        Assert.All(cluster.Api.Store.List(KubeResource.Events), e => AssertOneLine(e["message"]!.GetValue<string>()));
        // The first of a crowd, and how many more there are.
        Assert.Equal(20, lines.All.Count(l => l.Contains("Malformed annotation", StringComparison.Ordinal)));
        int malformed = Problems.Of(running.States.Last()).Count(p => p.Kind == ProblemKind.MalformedAnnotation);
        Assert.Contains(lines.All, l => l.Contains($"\"problem\":\"MalformedAnnotation\",\"count\":{malformed - 20}", StringComparison.Ordinal));
        Assert.All(lines.All, l => JsonDocument.Parse(l).Dispose());
        Assert.All(lines.All, AssertOneLine);
    }

    [Fact]
    public async Task What_is_printed_keeps_its_shape()
    {
        using var folder = new TestFolder();
        JsonArray items = [.. HostileService.All.Select((h, i) => Renamed(h.Manifest, i))];
        string file = folder.Write("hostile.json", new JsonObject { ["kind"] = "List", ["items"] = items }.ToJsonString());

        (int exitCode, string yaml, string error) = await BuiltProgram.RunAsync([], "generate", "-f", file);
        Assert.Equal(0, exitCode);
        Assert.All(Lines(error).Concat(Lines(yaml)), AssertOneLine);
        int harmless = HostileService.All.Count(h => h.Becomes.Contains("http", StringComparison.Ordinal));
        var data = (YamlNode.Mapping)((YamlNode.Mapping)YamlReader.Read(yaml).Documents.Single())["data"]!;
        Assert.Equal(harmless + 2, data.Entries.Length);
        Assert.Empty(HolmesLinter.Lint(((YamlNode.Scalar)data[ToolsetKey.Holmes]!).Text, HolmesTarget.Compat, ["kubernetes/core", "kubernetes/logs"]));
        Assert.All(data.Entries.Where(e => e.Key != ToolsetKey.Holmes), e => AssertToolset(e.Key, ((YamlNode.Scalar)e.Value).Text));

        (_, string table, _) = await BuiltProgram.RunAsync([], "explain", "--all", "-f", file);
        Assert.All(Lines(table), AssertOneLine);
        (_, string json, _) = await BuiltProgram.RunAsync([], "explain", "--all", "-o", "json", "-f", file);
        Assert.All(Lines(json), AssertOneLine);
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal(HostileService.All.Count(h => h.Becomes != "impossible"), document.RootElement.GetProperty("services").GetArrayLength());
        Assert.Equal(Lines(table).Length - 1, document.RootElement.GetProperty("services").GetArrayLength());
    }

    private static string Outcome(ImmutableArray<ServiceExplanation> explained) => explained switch
    {
        [] => "impossible",
        [{ Detection: Detection.Matched found, Toolset: var name }] => $"{found.Type} {name} {found.Endpoint}",
        [{ Detection: Detection.Rejected }] => "rejected",
        _ => "nothing",
    };

    /// <summary>Many are called the same; those whose name is the attack keep it.</summary>
    private static JsonObject Renamed(JsonObject manifest, int number)
    {
        JsonObject copy = manifest.DeepClone().AsObject();
        if (copy["metadata"]!["name"]!.GetValue<string>() == "s")
            copy["metadata"]!["name"] = $"s{number}";
        return copy;
    }

    private static void AssertToolset(string key, string text)
    {
        Assert.Matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?-toolset\\.yaml$", key);
        var toolset = (YamlNode.Mapping)YamlReader.Read(text).Documents.Single();
        Assert.Equal(ToolsetKeys, toolset.Entries.Select(e => e.Key));
        var config = (YamlNode.Mapping)toolset["config"]!;
        if (key == "kubernetes-toolset.yaml")
            return;
        Assert.Equal("url", Assert.Single(config.Entries).Key);
        Assert.Matches("^https?://[a-z0-9.-]+:[0-9]{1,5}$", ((YamlNode.Scalar)config["url"]!).Text);
    }

    private static string[] Lines(string text) => text.TrimEnd('\n').Split('\n');

    private static void AssertOneLine(string text) => Assert.DoesNotContain(text, c => c is < ' ' or > '~' and not '…');
}
