using System.Text.Json.Nodes;
using DynamicToolset.Bench.Clusters;
using DynamicToolset.Cluster;

namespace DynamicToolset.Bench.Attack;

/// <summary>
/// A tenant who may do what they like with the Services of one namespace, and does: as many and as large as the API server takes, a
/// thousand of them backends that answer as nobody should, and fifty changes a second.
/// </summary>
internal sealed class Attacker : IAsyncDisposable
{
    /// <summary>As many backends as the Services of a namespace may be, and some more.</summary>
    public const int Backends = 1_100;

    private const string Namespace = "evil";
    private const int Port = 80;
    private const int Fat = 2_000;
    private const int Huge = 20;
    private const int PerSecond = 50;

    /// <summary>Near the 1.5 MiB that etcd takes.</summary>
    private const int HugeLabels = 3_500;

    private readonly SimulatedCluster _cluster;
    private readonly Random _random;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _attacking;

    private Attacker(SimulatedCluster cluster, int seed)
    {
        _cluster = cluster;
        _random = new Random(seed);
        _attacking = Task.Run(AttackAsync);
    }

    public int Changes { get; private set; }

    public static IEnumerable<string> Hosts => Enumerable.Range(0, Backends).Select(i => $"{NameOf(i)}.{Namespace}:{Port}");

    /// <summary>Fills the namespace, and goes on changing it until it is disposed of.</summary>
    public static Attacker Start(SimulatedCluster cluster, int seed)
    {
        cluster.EnsureNamespace(Namespace);
        for (int i = 0; i < Backends; i++)
            cluster.Create(BackendService(i));
        for (int i = 0; i < Fat; i++)
            cluster.Create(FatService(i));
        for (int i = 0; i < Huge; i++)
            cluster.Create(HugeService(i));
        return new Attacker(cluster, seed);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _attacking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AttackAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1) / PerSecond, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            Attack();
            Changes++;
        }
    }

    private void Attack()
    {
        int backend = _random.Next(Backends);
        switch (_random.Next(10))
        {
            case 0:
                int huge = _random.Next(Huge);
                _cluster.Remove(KeyOf("h", huge));
                _cluster.Create(HugeService(huge));
                break;
            case 1 or 2:
                _cluster.Remove(KeyOf("e", backend));
                _cluster.Create(BackendService(backend));
                break;
            case 3:
                Annotate(backend, ToolsetAnnotation, $"maybe-{_random.Next()}");
                break;
            case 4:
                Annotate(backend, ToolsetAnnotation, "true");
                break;
            case 5 or 6:
                Annotate(backend, "kubernaut.io/health-endpoint", $"/{new string('x', _random.Next(200))}");
                break;
            case 7:
                Annotate(backend, "kubernaut.io/toolset-name", _random.Next(2) == 0 ? "prometheus" : $"x-{_random.Next(Backends)}");
                break;
            default:
                Patch(KeyOf("f", _random.Next(Fat)), "labels", "app", _random.Next(2) == 0 ? "grafana" : "prometheus");
                break;
        }
    }

    private const string ToolsetAnnotation = "kubernaut.io/toolset";

    private void Annotate(int backend, string annotation, string value) => Patch(KeyOf("e", backend), "annotations", annotation, value);

    private void Patch(ObjectKey key, string kind, string name, string value) =>
        _cluster.Change(key, new JsonObject { ["metadata"] = new JsonObject { [kind] = new JsonObject { [name] = value } } });

    private static ObjectKey KeyOf(string kind, int index) => new(Namespace, $"{kind}-{index:0000}");

    private static string NameOf(int index) => KeyOf("e", index).Name;

    private static JsonObject BackendService(int index) => Service(
        KeyOf("e", index),
        new JsonObject { ["app"] = NameOf(index) },
        new JsonObject { [ToolsetAnnotation] = "true", ["kubernaut.io/toolset-type"] = "custom" });

    /// <summary>Just within what is kept of a Service.</summary>
    private static JsonObject FatService(int index) => Service(
        KeyOf("f", index),
        Pairs(60, i => (Padded(i, 63), Padded(i + index, 63))),
        Pairs(100, i => ($"kubernaut.io/{Padded(i, 50)}", Padded(i + index, 100))));

    private static JsonObject HugeService(int index) => Service(
        KeyOf("h", index),
        Pairs(HugeLabels, i => ($"{new string('d', 63)}.{new string('d', 63)}.{new string('d', 63)}.{new string('d', 60)}/{Padded(i, 63)}", Padded(i, 63))),
        []);

    private static JsonObject Service(ObjectKey key, JsonObject labels, JsonObject annotations) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace, ["labels"] = labels, ["annotations"] = annotations },
        ["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { ["app"] = key.Name },
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = Port }),
        },
    };

    private static JsonObject Pairs(int count, Func<int, (string Key, string Value)> pair)
    {
        var pairs = new JsonObject();
        foreach ((string key, string value) in Enumerable.Range(0, count).Select(pair))
            pairs[key] = value;
        return pairs;
    }

    private static string Padded(int number, int length) => number.ToString("d6").PadRight(length, 'x');
}
