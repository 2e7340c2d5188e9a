using System.Net;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Tests.LeaderElection;

namespace DynamicToolset.Service.Tests.Hosting;

/// <summary>
/// Each fault with each request of the whole service, on virtual time: whatever goes wrong takes no toolset away, ends no loop, and when it is over
/// all comes right by itself. What bytes that come one by one do is the client's matter: WatchTests, ServiceListTests.
/// </summary>
public sealed class FaultMatrixTests : IDisposable
{
    private const string Overrides = "# mine\r\ngrafana: { config: { timeout: 20s } }\n";

    private static readonly (string Verb, string Resource)[] Reads =
    [
        ("list", "services"), ("watch", "services"), ("list", "configmaps"), ("watch", "configmaps"), ("get", "configmaps"), ("get", "deployments"),
        ("list", "leases"), ("watch", "leases"), ("get", "leases"),
    ];

    private static readonly (string Verb, string Resource)[] Writes =
        [("create", "configmaps"), ("patch", "configmaps"), ("create", "leases"), ("patch", "leases"), ("create", "events"), ("patch", "events")];

    private static readonly Dictionary<string, Fault> Faults = new()
    {
        ["refused"] = new Fault.Refuse(),
        ["hangs"] = new Fault.Hang(),
        ["comes late"] = new Fault.Delay(TimeSpan.FromSeconds(10)),
        ["reply lost"] = new Fault.LoseReply(),
        ["reset"] = new Fault.ResetMidBody(),
        ["401"] = new Fault.Answer(HttpStatusCode.Unauthorized),
        ["403"] = new Fault.Answer(HttpStatusCode.Forbidden),
        ["409"] = new Fault.Answer(HttpStatusCode.Conflict),
        ["410"] = new Fault.Answer(HttpStatusCode.Gone),
        ["422"] = new Fault.Answer(HttpStatusCode.UnprocessableEntity),
        ["429"] = new Fault.Answer(HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(20)),
        ["500"] = new Fault.Answer(HttpStatusCode.InternalServerError),
        ["503"] = new Fault.Answer(HttpStatusCode.ServiceUnavailable),
        ["504"] = new Fault.Answer(HttpStatusCode.GatewayTimeout),
    };

    private static readonly Dictionary<string, Fault> FaultsOfWatches = new()
    {
        ["truncated"] = new Fault.TruncateEvent(),
        ["doubled"] = new Fault.DuplicateEvents(),
    };

    private readonly Electorate _electorate = new();
    private long _looked;

    public static TheoryData<string, string, string> AllCells => Cells([.. Reads, .. Writes]);

    public static TheoryData<string, string> Requests => [.. Reads.Concat(Writes)];

    public static TheoryData<string, string, string> CellsOfReads => Cells(Reads);

    [Theory, MemberData(nameof(AllCells))]
    public void A_fault_that_strikes_once_takes_nothing_away_and_passes(string verb, string resource, string fault) =>
        Strike(verb, resource, fault, times: 1);

    [Theory, MemberData(nameof(AllCells))]
    public void A_fault_that_lasts_for_minutes_takes_nothing_away_and_passes(string verb, string resource, string fault) =>
        Strike(verb, resource, fault, times: int.MaxValue);

    [Theory, MemberData(nameof(CellsOfReads))]
    public void A_fault_that_is_there_at_the_start_takes_nothing_away_and_passes(string verb, string resource, string fault)
    {
        Prepare();
        using (Replica before = Run("one"))
            Converge(before, "grafana", "prometheus");
        Replica replica = Run("two", faults => faults.Add(new FaultRule(FaultOf(fault), verb, resource, Times: int.MaxValue)));
        Disturb(deletes: false);
        Recover(replica);
    }

    [Theory, MemberData(nameof(Requests))]
    public void Each_right_that_is_missing_is_named_with_the_manifest_that_grants_it(string verb, string resource)
    {
        Replica replica = Strike(verb, resource, "403", times: int.MaxValue);
        Assert.Contains(
            replica.Lines,
            line => line.Contains($"the right to {verb} {resource}", StringComparison.Ordinal)
                && line.Contains("is missing; deploy/base/rbac.yaml grants it", StringComparison.Ordinal));
    }

    public void Dispose() => _electorate.Dispose();

    private Replica Strike(string verb, string resource, string fault, int times)
    {
        Prepare();
        Replica replica = Run("one");
        Converge(replica, "grafana", "prometheus");
        replica.Faults.Add(new FaultRule(FaultOf(fault), verb, resource, Times: times));
        Disturb(deletes: true);
        Recover(replica);
        return replica;
    }

    private void Prepare()
    {
        _electorate.Store.Create(KubeResource.Namespaces, Json("""{"metadata":{"name":"a"}}"""));
        _electorate.Store.Create(KubeResource.Deployments, Json("""
            {"metadata":{"name":"dynamic-toolset","namespace":"kubernaut-system"},
            "spec":{"selector":{"matchLabels":{"app":"a"}},"template":{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"a","image":"a"}]}}}}
            """));
        AddService("prometheus", "web", 9090);
        AddService("grafana", "service", 3000);
        AddService("odd", "http", 80, """{"kubernaut.io/toolset":"perhaps"}""");
    }

    private Replica Run(string name, Action<FaultPlan>? plan = null) => _electorate.Run(
        name,
        plan,
        s => s with
        {
            OwnerReferenceEnabled = true,
            PodNamespace = TestCluster.ConfigMapKey.Namespace,
            DiscoveryInterval = TimeSpan.FromMinutes(1),
            HolmesFormat = false,
        });

    /// <summary>Everything that makes the service ask for something.</summary>
    private void Disturb(bool deletes)
    {
        Do(() => _electorate.Store.EndWatches(abort: true), seconds: 3);
        Do(() => Spoil("grafana"));
        Do(TouchLease);
        Do(() => AddService("jaeger", "query", 16686));
        Do(() => AddService("strange", "http", 80, """{"kubernaut.io/toolset":"maybe"}"""));
        Do(() => Annotate("odd", "false"));
        Do(() => Annotate("odd", "perhaps"), seconds: 5);
        Do(ForgetWhatWatchesBeginAt, seconds: 10);
        if (deletes)
            Do(() => _electorate.Store.Delete(KubeResource.ConfigMaps, TestCluster.ConfigMapKey), seconds: 5);
        Do(() => _electorate.Store.Delete(KubeResource.Leases, Electorate.LeaseKey), seconds: 10);
        Do(() => Spoil("prometheus"), seconds: 35);
    }

    private void ForgetWhatWatchesBeginAt()
    {
        _electorate.Store.EndWatches(abort: false);
        TouchLease();
        _electorate.Store.ExpireHistory();
    }

    private void TouchLease() => _electorate.Store.MergePatch(
        KubeResource.Leases, Electorate.LeaseKey, Json($$"""{ "metadata": { "annotations": { "stranger": "{{_electorate.Store.Version}}" } } }"""));

    private void Recover(Replica replica)
    {
        Assert.NotEqual(0, replica.Faults.Struck);
        replica.Faults.Clear();
        Converge(replica, "grafana", "jaeger", "prometheus");
        Assert.Empty(replica.Api.Removals);
        Assert.Equal(Overrides, (string?)Data()!["overrides.yaml"]);
        _electorate.Do(() => _electorate.Store.Delete(KubeResource.Services, new ObjectKey("a", "jaeger")));
        Converge(replica, "grafana", "prometheus");
    }

    /// <summary>Until the ConfigMap is what it should be, and belongs to whom it should.</summary>
    private void Converge(Replica replica, params string[] toolsets)
    {
        string[] keys = [.. toolsets.Append("kubernetes").Select(ToolsetKey.Of).Append(ToolsetKey.Overrides).Order(StringComparer.Ordinal)];
        for (int tenths = 0; !IsRight(replica, keys); tenths++)
        {
            Assert.True(tenths < 900, $"after 90 seconds there is {ConfigMap()?.ToJsonString()}");
            Pass(seconds: 0.1);
            if (ConfigMap() is not null && Data()!["overrides.yaml"] is null)
                _electorate.Do(() => Set("overrides.yaml", Overrides));
        }
    }

    private bool IsRight(Replica replica, string[] keys) =>
        replica.Leads && Data() is { } data && keys.SequenceEqual(data.Select(d => d.Key).Order(StringComparer.Ordinal))
        && data.All(d => (string?)d.Value != "spoilt") && ConfigMap()!["metadata"]!["ownerReferences"] is JsonArray { Count: 1 }
        && ((string)data["grafana-toolset.yaml"]!).Contains("20s", StringComparison.Ordinal);

    private void Do(Action action, double seconds = 1)
    {
        _electorate.Do(action);
        Pass(seconds);
    }

    private void Pass(double seconds)
    {
        for (double passed = 0; passed < seconds; passed += 0.1)
        {
            _electorate.Pass(0.1);
            Look();
        }
    }

    /// <summary>Once a toolset was written it is there, whenever there is a ConfigMap.</summary>
    private void Look()
    {
        if (_looked == _electorate.Store.Version || Data() is not { } data)
            return;
        Assert.All(["kubernetes", "grafana", "prometheus"], name => Assert.Contains(ToolsetKey.Of(name), data.Select(d => d.Key)));
        _looked = _electorate.Store.Version;
    }

    private JsonObject? ConfigMap() => _electorate.Store.Get(KubeResource.ConfigMaps, TestCluster.ConfigMapKey);

    private JsonObject? Data() => ConfigMap()?["data"]?.AsObject();

    private void Spoil(string toolset)
    {
        if (ConfigMap() is not null)
            Set(ToolsetKey.Of(toolset), "spoilt");
    }

    private void Set(string key, string text) =>
        _electorate.Store.MergePatch(KubeResource.ConfigMaps, TestCluster.ConfigMapKey, new JsonObject { ["data"] = new JsonObject { [key] = text } });

    private void AddService(string name, string port, int number, string annotations = "{}") => _electorate.Store.Create(KubeResource.Services, Json($$"""
        {
          "metadata": { "name": "{{name}}", "namespace": "a", "labels": { "app": "{{name}}" }, "annotations": {{annotations}} },
          "spec": { "ports": [{ "name": "{{port}}", "port": {{number}} }] }
        }
        """));

    private void Annotate(string name, string text) => _electorate.Store.MergePatch(
        KubeResource.Services, new ObjectKey("a", name), Json($$"""{ "metadata": { "annotations": { "kubernaut.io/toolset": "{{text}}" } } }"""));

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private static Fault FaultOf(string name) => Faults.TryGetValue(name, out Fault? fault) ? fault : FaultsOfWatches[name];

    private static TheoryData<string, string, string> Cells((string Verb, string Resource)[] requests)
    {
        var cells = new TheoryData<string, string, string>();
        foreach ((string verb, string resource) in requests)
        {
            foreach (string fault in verb == "watch" ? Faults.Keys.Concat(FaultsOfWatches.Keys) : Faults.Keys)
                cells.Add(verb, resource, fault);
        }

        return cells;
    }
}
