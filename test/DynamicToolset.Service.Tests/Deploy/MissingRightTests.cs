using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DynamicToolset.Service.Tests.EndToEnd;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Deploy;

/// <summary>
/// Each right of <c>deploy/base/rbac.yaml</c> taken away from the published executable, on a real API server: log, health path and API name that one and the
/// manifest. What nobody misses is not shipped.
/// </summary>
public sealed class MissingRightTests(MissingRightTests.Fixture fixture) : IClassFixture<MissingRightTests.Fixture>, IAsyncLifetime
{
    private const string Grants = "; deploy/base/rbac.yaml grants it";
    private const string InNamespace = "in namespace kubernaut-system";
    private const string ConfigMap = $"\"{DeployedService.ConfigMap}\" {InNamespace}";
    private const string Lease = $"leases.coordination.k8s.io \"dynamic-toolset-leader\" {InNamespace}";
    private const string Owner = $"\"dynamic-toolset\" {InNamespace}";
    private const string Malformed = "{ kubernaut.io/toolset: maybe }";

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["list services"] = new("services-synced", "list services in the whole cluster", DiscoverAsync) { Heal = DiscoverAsync },
        ["watch services"] = new("services-synced", "watch services in the whole cluster", DiscoverAsync),
        ["create events"] = new("events", "create events in a namespace that the log names", t => t.Test.Service.AddAsync("orders", Malformed))
        {
            InLog = "the right to create events in namespace monitoring is missing",
            Heal = t => t.Test.Service.AddAsync("orders", "{ kubernaut.io/toolset: perhaps }"),
        },
        ["patch events"] = new("events", "patch events in a namespace that the log names", HappensAgainAsync)
        {
            InLog = "the right to patch events \"orders.",
            Heal = HappensAgainAsync,
        },
        ["create tokenreviews"] = new("access-reviews", "create tokenreviews.authentication.k8s.io in the whole cluster", SomebodyCallsAsync) { Heal = SomebodyCallsAsync },
        ["create subjectaccessreviews"] = new("access-reviews", "create subjectaccessreviews.authorization.k8s.io in the whole cluster", SomebodyCallsAsync) { Heal = SomebodyCallsAsync },
        ["get configmaps"] = new("configmap-synced", $"get configmaps {ConfigMap}", Nothing) { Settings = [("RECONCILIATION_INTERVAL", "200ms")] },
        ["list configmaps"] = new("configmap-synced", $"list configmaps {ConfigMap}", Nothing) { IsFromTheStart = true },
        ["watch configmaps"] = new("configmap-synced", $"watch configmaps {ConfigMap}", Nothing) { IsFromTheStart = true },
        ["create configmaps"] = new("configmap-write", $"create configmaps {ConfigMap}", DeleteAsync),
        ["patch configmaps"] = new("configmap-write", $"patch configmaps {ConfigMap}", t => t.Test.Service.SetDataAsync("kubernetes-toolset.yaml", "mine")),
        ["get leases"] = new("leader-election", $"get {Lease}", Nothing) { IsFromTheStart = true },
        ["list leases"] = new("leader-election", $"list {Lease}", Nothing) { IsFromTheStart = true },
        ["watch leases"] = new("leader-election", $"watch {Lease}", Nothing) { IsFromTheStart = true },
        ["create leases"] = new("leader-election", $"create {Lease}", Nothing) { IsFromTheStart = true },
        ["patch leases"] = new("leader-election", $"patch {Lease}", Nothing),
        ["get deployments"] = new("configmap-owner", $"get deployments.apps {Owner}", Nothing) { Settings = [("DISCOVERY_INTERVAL", "200ms")] },
        ["update deployments/finalizers"] = new("configmap-owner", $"update deployments.apps/finalizers {Owner}", DeleteAsync) { Heal = DeleteAsync },
    };

    /// <summary>Shipped because whoever knows the overview's table looks for them; who may patch can do no more by them.</summary>
    private static readonly string[] Unused = ["update configmaps", "update leases"];

    private DeployedService? _service;
    private string _token = "";

    public static TheoryData<string> Rights => [.. Cases.Keys];

    private DeployedService Service => _service!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _service = await fixture.ServiceAsync();
        _token = await Service.TokenAsync("dynamic-toolset-sa");
    }

    public ValueTask DisposeAsync()
    {
        fixture.Check();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Every_right_that_is_shipped_is_missed_when_it_is_not_there_but_for_two() =>
        Assert.Equal(ShippedRight.All.Select(r => r.Title).Order(), Cases.Keys.Concat(Unused).Order());

    [Theory]
    [MemberData(nameof(Rights))]
    public async Task A_right_that_is_missing_is_named_by_log_health_path_and_API_with_its_manifest(string right)
    {
        Case wanted = Cases[right];
        if (wanted.IsFromTheStart)
            await TakeAwayAsync(right);
        await using PublishedProgram program = Start(wanted);
        if (!wanted.IsFromTheStart)
        {
            await program.LineAsync("\"msg\":\"ConfigMap created\"");
            await IsNamedNowhereAsync(program);
            await TakeAwayAsync(right);
        }

        await wanted.Provoke(new Trial(this, program));
        await program.LineAsync((wanted.InLog ?? wanted.Text).Replace("\"", "\\\"", StringComparison.Ordinal));
        string told = $"{wanted.Text}{Grants}";
        await EventuallyAsync(program, "/readyz?verbose", answer => Detail(answer["checks"]?[wanted.Check])?.EndsWith(told, StringComparison.Ordinal) == true, told);
        await EventuallyAsync(program, "/api/v1/status", answer => IsTold(answer, wanted.Check, told), told);
        Assert.Contains(program.Output, line => line.Contains("deploy/base/rbac.yaml grants it", StringComparison.Ordinal));

        await Service.ApplyManifestsAsync();
        await wanted.Heal(new Trial(this, program));
        await EventuallyAsync(program, "/readyz", answer => Detail(answer["checks"]?[wanted.Check])?.Contains(Grants, StringComparison.Ordinal) == false, "that it is healed");
    }

    /// <summary>Making an object by an apply takes two rights.</summary>
    [Fact]
    public async Task Where_the_ConfigMap_is_to_be_made_and_the_right_to_patch_is_missing_that_one_is_named()
    {
        await TakeAwayAsync("patch configmaps");
        await using PublishedProgram program = Start(Cases["patch configmaps"]);
        string refusal = await program.LineAsync("\"msg\":\"Failed to write ConfigMap\"");
        Assert.Contains($"the right to patch configmaps {ConfigMap} is missing".Replace("\"", "\\\"", StringComparison.Ordinal), refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_misses_the_right_to_update()
    {
        foreach (string right in Unused)
            await TakeAwayAsync(right);
        await using PublishedProgram program = Start(Cases["patch leases"]);
        await program.LineAsync("\"msg\":\"ConfigMap created\"");
        await Service.SetDataAsync("kubernetes-toolset.yaml", "mine");
        await program.LineAsync("\"msg\":\"ConfigMap updated\"");
        await Service.ConfigMapAsync("delete");
        await program.LineAsync("\"msg\":\"ConfigMap recreated\"");
        await IsNamedNowhereAsync(program);
        Assert.Equal(0, await program.TerminateAsync());
        Assert.DoesNotContain(program.Output, line => line.Contains("grants it", StringComparison.Ordinal));
    }

    /// <summary>Also where it is answered with 503: whoever asks then is told why.</summary>
    private static bool IsTold(JsonNode answer, string check, string told) =>
        ((string?)answer["detail"])?.EndsWith(told, StringComparison.Ordinal) == true
        || answer["checks"]?.AsArray().Any(c => (string?)c!["name"] == check && ((string?)c["detail"])?.EndsWith(told, StringComparison.Ordinal) == true) == true;

    private static string? Detail(JsonNode? check) => (string?)check;

    private static Task Nothing(Trial trial) => Task.CompletedTask;

    private static Task<string> DeleteAsync(Trial trial) => trial.Test.Service.ConfigMapAsync("delete");

    private static async Task DiscoverAsync(Trial trial)
    {
        using HttpClient http = await trial.Test.ClientAsync(trial.Program);
        using HttpResponseMessage response = await http.PostAsJsonAsync("/api/v1/discover", new JsonObject { ["force"] = true }, Stop);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Stop));
    }

    /// <summary>An Event that is there already is counted up.</summary>
    private static async Task HappensAgainAsync(Trial trial)
    {
        DeployedService service = trial.Test.Service;
        await service.AddAsync("orders", Malformed);
        await trial.Test.EventuallyAsync(trial.Program, "/api/v1/status", HasProblem, "the mistake is told");
        await Patience.EventuallyAsync(async () => (await service.Kubectl.RunAsync("get", "events", "-n", "monitoring")).Contains("orders", StringComparison.Ordinal), () => "there is an Event");
        await service.AddAsync("orders");
        await trial.Test.EventuallyAsync(trial.Program, "/api/v1/status", answer => !HasProblem(answer), "the mistake is gone");
        await service.AddAsync("orders", Malformed);
    }

    private static bool HasProblem(JsonNode status) => status["problems"]?.AsArray().Any(p => (string?)p!["service"] == "monitoring/orders") == true;

    /// <summary>Somebody whose token and rights are not known yet.</summary>
    private static async Task SomebodyCallsAsync(Trial trial)
    {
        using HttpClient http = await trial.Test.ClientAsync(trial.Program, await trial.Test.Service.TokenAsync("dynamic-toolset"));
        using HttpResponseMessage response = await http.GetAsync(new Uri("/api/v1/toolsets", UriKind.Relative), Stop);
    }

    private async Task TakeAwayAsync(string title)
    {
        ShippedRight right = ShippedRight.All.Single(r => r.Title == title);
        string[] where = right.Namespace is { } ns ? ["-n", ns] : [];
        JsonObject role = JsonNode.Parse(await Service.Kubectl.RunAsync(["get", .. right.Role, .. where, "-o", "json"]))!.AsObject();
        await Service.Kubectl.RunAsync("replace", "-f", Service.Kubectl.Write("role.json", right.TakenFrom(role).ToJsonString()));
        await Service.UntilItMayNotAsync(right.Question);
    }

    private PublishedProgram Start(Case wanted) => Service.Start(
        [("LEADER_ELECTION_ENABLED", "true"), ("RETRY_PERIOD", "500ms"), .. wanted.Settings]);

    private async Task IsNamedNowhereAsync(PublishedProgram program)
    {
        await EventuallyAsync(program, "/api/v1/status", answer => answer["checks"] is not null, "it is ready");
        Assert.DoesNotContain(Grants, (await AskAsync(program, "/readyz?verbose"))!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Grants, (await AskAsync(program, "/api/v1/status"))!.ToJsonString(), StringComparison.Ordinal);
    }

    private async Task EventuallyAsync(PublishedProgram program, string path, Func<JsonNode, bool> isSo, string what)
    {
        JsonNode? answer = null;
        await Patience.EventuallyAsync(
            async () => (answer = await AskAsync(program, path)) is not null && isSo(answer),
            () => $"{path} shows {what}\n{answer?.ToJsonString()}\n{string.Join('\n', program.Output.TakeLast(20))}");
    }

    private async Task<JsonNode?> AskAsync(PublishedProgram program, string path)
    {
        using HttpClient http = await ClientAsync(program);
        return JsonNode.Parse(await (await http.GetAsync(new Uri(path, UriKind.Relative), Stop)).Content.ReadAsStringAsync(Stop));
    }

    private async Task<HttpClient> ClientAsync(PublishedProgram program, string? token = null)
    {
        int port = ListeningLine.Ports(await program.LineAsync(ListeningLine.Text)).Api;
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token ?? _token);
        return http;
    }

    /// <summary>A service on an API server that also asks for the right to the owner's finalizers.</summary>
    public sealed class Fixture : IAsyncDisposable
    {
        private readonly RealServerFixture _real = new();
        private DeployedService? _service;

        public void Check() => _real.Check();

        /// <summary>As it was installed, and never ran.</summary>
        internal async Task<DeployedService> ServiceAsync()
        {
            PublishedProgram.Path();
            IApiServer server = await _real.EnforcingServerAsync();
            _service ??= await DeployedService.InstallAsync(server);
            _service.AnswerRightly();
            await _service.ApplyManifestsAsync();
            await _service.Kubectl.RunAsync(
                "delete", "configmap/kubernaut-toolset-config", "lease/dynamic-toolset-leader", "-n", DeployedService.Namespace, "--ignore-not-found");
            await _service.Kubectl.RunAsync("delete", "service,event", "--all", "-n", "monitoring");
            return _service;
        }

        public async ValueTask DisposeAsync()
        {
            if (_service is not null)
                await _service.DisposeAsync();
            await _real.DisposeAsync();
        }
    }

    /// <param name="Check">Of the health path.</param>
    /// <param name="Text">The right, as it is named there.</param>
    /// <param name="Provoke">Has the service use it.</param>
    private sealed record Case(string Check, string Text, Func<Trial, Task> Provoke)
    {
        /// <summary>How the log names it, where that tells more.</summary>
        public string? InLog { get; init; }

        /// <summary>What is used only at the start, or once in minutes.</summary>
        public bool IsFromTheStart { get; init; }

        /// <summary>Has the service use it when it is granted again.</summary>
        public Func<Trial, Task> Heal { get; init; } = Nothing;

        public (string Name, string Value)[] Settings { get; init; } = [];
    }

    private sealed record Trial(MissingRightTests Test, PublishedProgram Program);
}
