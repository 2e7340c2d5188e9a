using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Holmes;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Events;
using DynamicToolset.Service.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Events;

public sealed class ProblemEventsTests
{
    /// <summary>The words that <c>docs/troubleshooting.md</c> and people who filter Events go by.</summary>
    [Fact]
    public void What_has_happened_is_a_warning_where_somebody_has_something_to_do() => Assert.Equal(
        [("DriftRepaired", true), ("BackendUnhealthy", false), ("BackendIsOther", false)],
        Enum.GetValues<NoticeKind>().Select(k => (k.ToString(), ProblemEvents.IsNormal(k))));

    [Fact]
    public async Task A_problem_becomes_one_event_on_the_object_that_it_is_about()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.Load("{apiVersion: v1, kind: Service, metadata: {name: bad, namespace: monitoring, annotations: {kubernaut.io/toolset: \"maybe\"}}, spec: {ports: [{port: 1}]}}");
        await using RunningController running = await cluster.RunAsync(time: new FakeTimeProvider());
        JsonNode onService = await EventAsync(cluster, "MalformedAnnotation");
        Assert.Equal(("Service", "bad"), (onService["involvedObject"]!["kind"]!.GetValue<string>(), onService["involvedObject"]!["name"]!.GetValue<string>()));
        Assert.DoesNotContain("maybe", onService["message"]!.GetValue<string>());

        cluster.SetData("overrides.yaml", "secret: [");
        JsonNode onConfigMap = await EventAsync(cluster, "MalformedOverrides");
        Assert.Equal(cluster.ConfigMap()!["metadata"]!["uid"]!.GetValue<string>(), onConfigMap["involvedObject"]!["uid"]!.GetValue<string>());
        Assert.StartsWith("overrides.yaml:2:1: ", onConfigMap["message"]!.GetValue<string>());
        Assert.DoesNotContain("secret", onConfigMap["message"]!.GetValue<string>());

        await running.LookAsync(4);
        Assert.Equal(2, Events(cluster).Count);
        Assert.Equal(1, onConfigMap["count"]!.GetValue<int>());
    }

    /// <summary>Of the others nothing is broken that an Event could have somebody mend, or the cluster has one of its own.</summary>
    [Fact]
    public void What_somebody_has_to_mend_has_an_event() => Assert.Equal(
        [
            ProblemKind.MalformedAnnotation, ProblemKind.ServiceTooLarge, ProblemKind.NamespaceTooLarge, ProblemKind.MalformedOverrides, ProblemKind.MalformedRules,
            ProblemKind.UnfitHolmesFile, ProblemKind.HealthPanic, ProblemKind.ConfigMapImmutable, ProblemKind.ConfigMapTooLarge, ProblemKind.ContestedKey,
            ProblemKind.OtherController,
        ],
        Enum.GetValues<ProblemKind>().Where(ProblemEvents.HasEvent));

    [Fact]
    public async Task Whoever_changes_a_toolset_by_hand_finds_why_it_is_as_it_was_and_where_changes_belong()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningController running = await cluster.RunAsync();
        for (int times = 1; times <= 2; times++)
        {
            cluster.SetData("kubernetes-toolset.yaml", $"mine {times}");
            int expected = times;
            await TestCluster.EventuallyAsync(
                () => running.States.Select(s => s.LastWrite).Where(w => w is { Drift.IsEmpty: false }).Distinct().Count() == expected, "it is set back");
        }

        // Later than what is not to be told.
        cluster.SetData("mine-toolset.yaml", "mine");
        await TestCluster.EventuallyAsync(() => Events(cluster).Count >= 2, "the repairs are told");
        Assert.All(Events(cluster), told =>
        {
            Assert.Equal(("Normal", "DriftRepaired", 1), (told["type"]!.GetValue<string>(), told["reason"]!.GetValue<string>(), told["count"]!.GetValue<int>()));
            Assert.Equal(cluster.ConfigMap()!["metadata"]!["uid"]!.GetValue<string>(), told["involvedObject"]!["uid"]!.GetValue<string>());
        });
        const string Edit = "overrides.yaml (kubectl edit configmap kubernaut-toolset-config -n kubernaut-system)";
        Assert.Equal(
            [
                $"kubernetes-toolset.yaml was changed by the field manager sandbox, and reverted: put changes in {Edit}",
                $"mine-toolset.yaml was added by the field manager sandbox, and removed, since such keys are generated: put your own toolsets in {Edit}",
            ],
            Messages(cluster).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_backend_that_lost_its_toolset_says_on_its_Service_what_was_asked_what_came_and_what_to_run_next()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningController running = await cluster.RunAsync(s => s with { HealthCheckInterval = TimeSpan.FromMilliseconds(100) });
        cluster.SetAnswer(new ObjectKey("monitoring", "grafana"), SampleAnswer.Unavailable);
        JsonNode told = await EventAsync(cluster, "BackendUnhealthy");
        Assert.DoesNotContain("grafana-toolset.yaml", cluster.Keys());
        Assert.Equal(
            ("Warning", "Service", "grafana", "monitoring"),
            (told["type"]!.GetValue<string>(), told["involvedObject"]!["kind"]!.GetValue<string>(), told["involvedObject"]!["name"]!.GetValue<string>(), told["metadata"]!["namespace"]!.GetValue<string>()));
        Assert.Equal(
            "the toolset grafana was removed, since its check fails: GET http://grafana.monitoring:3000/api/health: it answered 503. It comes back when the check passes. Next: dynamic-toolset explain monitoring/grafana --probe",
            told["message"]!.GetValue<string>());
        Assert.Single(Events(cluster));
    }

    [Fact]
    public async Task A_ConfigMap_that_cannot_be_written_says_why()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.Load("{apiVersion: v1, kind: ConfigMap, metadata: {name: kubernaut-toolset-config, namespace: kubernaut-system}, immutable: true}");
        await using RunningController running = await cluster.RunAsync();
        await EventAsync(cluster, "ConfigMapImmutable");
    }

    [Fact]
    public async Task A_follower_tells_nothing_and_who_leads_then_tells_what_is_still_so()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        ControllerState sound = await ConvergedAsync(cluster);
        ControllerState passing = Refused(sound, "Password: hunter2"), lasting = Refused(sound, "X-Token: hunter2");
        Leadership follower = new Leadership.Follower("another_1");
        await ReportAsync(
            cluster,
            [lasting, passing with { Leadership = follower }, lasting with { Leadership = follower }, lasting],
            last: m => m.Contains("X-Token", StringComparison.Ordinal) && Events(cluster).Any(e => e["count"]!.GetValue<int>() == 2));
        Assert.Equal(2, Assert.Single(Events(cluster))["count"]!.GetValue<int>());
    }

    /// <summary>No input is known for which the file is refused; what it would look like is made here.</summary>
    [Fact]
    public async Task A_file_that_HolmesGPT_would_not_take_is_told_of_once_a_change_and_without_its_values()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        ControllerState sound = await ConvergedAsync(cluster);
        ControllerState refused = Refused(sound, "X-Token: hunter2"), moved = Refused(sound, "A: b\n        X-Token: hunter3");
        ControllerState worse = Refused(sound, "X-Token: hunter2\n        Password: hunter2");
        await ReportAsync(cluster, [sound, refused, refused, moved, worse], last: m => m.Contains("Password", StringComparison.Ordinal));
        Assert.Equal(["UnfitHolmesFile", "UnfitHolmesFile"], Events(cluster).Select(e => e["reason"]!.GetValue<string>()));
        Assert.All(Events(cluster), e => Assert.Equal(1, e["count"]!.GetValue<int>()));
        Assert.Equal(cluster.ConfigMap()!["metadata"]!["uid"]!.GetValue<string>(), Events(cluster)[0]["involvedObject"]!["uid"]!.GetValue<string>());
        Assert.All(Messages(cluster), m => Assert.Matches("^holmes-toolsets.yaml stays as it is: \"(X-Token|Password)\" is a secret in plain text", m));
        Assert.DoesNotContain("hunter", string.Concat(Messages(cluster)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fight_over_a_key_is_told_of_when_it_begins_when_it_is_slowed_and_when_it_begins_anew()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        ControllerState peace = await ConvergedAsync(cluster);
        ControllerState[] fights = [Fought("a-toolset.yaml", null), Fought("a-toolset.yaml", "kubectl-edit"), Fought("a-toolset.yaml", "argocd", isSlowed: true)];
        ControllerState[] states = [peace, .. fights, peace, Fought("a-toolset.yaml", DesiredConfigMap.ManagedBy), Fought("", null)];
        await ReportAsync(cluster, states, last: m => m.StartsWith("the ConfigMap: ", StringComparison.Ordinal));
        Assert.Collection(
            Messages(cluster).Order(StringComparer.Ordinal),
            m => Assert.StartsWith("a-toolset.yaml: a second copy of this service", m, StringComparison.Ordinal),
            m => Assert.StartsWith("a-toolset.yaml: another writer, unknown since", m, StringComparison.Ordinal),
            m => Assert.StartsWith("a-toolset.yaml: the field manager \"argocd\" keeps undoing", m, StringComparison.Ordinal),
            m => Assert.StartsWith("the ConfigMap: another writer, unknown since", m, StringComparison.Ordinal));
        Assert.All(Events(cluster), e => Assert.Equal(("Warning", "ContestedKey", 1), (e["type"]!.GetValue<string>(), e["reason"]!.GetValue<string>(), e["count"]!.GetValue<int>())));

        ControllerState Fought(string key, string? manager, bool isSlowed = false) => peace with { Fights = [new Fight(key, manager, isSlowed)] };
    }

    private static async Task<ControllerState> ConvergedAsync(TestCluster cluster)
    {
        await using RunningController running = await cluster.RunAsync();
        return running.States.Last();
    }

    /// <param name="last">Tells the message of the Event that is sent last.</param>
    private static async Task ReportAsync(TestCluster cluster, ControllerState[] states, Func<string, bool> last)
    {
        using KubeApiClient api = cluster.Connect();
        using var stop = new CancellationTokenSource();
        var recorder = new EventRecorder(api, TimeProvider.System, new Random(1), NullLogger<EventRecorder>.Instance);
        Task sending = recorder.RunAsync(stop.Token);
        var events = new ProblemEvents(recorder, TimeProvider.System, TimeSpan.FromMinutes(5));
        foreach (ControllerState state in states)
            events.Report(state, Problems.Of(state));
        await TestCluster.EventuallyAsync(() => Messages(cluster).Any(last), "the last Event is there");
        await stop.CancelAsync();
        await sending;
    }

    private static ControllerState Refused(ControllerState state, string headers)
    {
        string text =
            $$"""
            toolsets:
              prometheus/metrics:
                enabled: true
                config:
                  prometheus_url: http://prometheus:9090
                  headers:
                    {{headers}}
            """;
        ImmutableArray<string> problems = [.. HolmesLinter.Lint(text, HolmesTarget.Compat, []).Select(p => p.Message)];
        return state with { Result = state.Result with { Holmes = state.Result.Holmes! with { Text = text, Problems = problems } } };
    }

    private static async Task<JsonNode> EventAsync(TestCluster cluster, string reason)
    {
        await TestCluster.EventuallyAsync(() => Find() is not null, $"there is an Event {reason}");
        return Find()!;

        JsonNode? Find() => Events(cluster).FirstOrDefault(e => e["reason"]!.GetValue<string>() == reason);
    }

    private static IEnumerable<string> Messages(TestCluster cluster) => Events(cluster).Select(e => e["message"]!.GetValue<string>());

    private static IReadOnlyList<JsonObject> Events(TestCluster cluster) => [.. cluster.Api.Store.List(KubeResource.Events)];
}
