using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Sandbox.Api;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Storage;

namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>
/// A cluster with replicas of the real controller, in one thread, in a time of its own. Everything that happens follows from the seed. After each
/// step of whomsoever the promises are looked at.
/// </summary>
internal sealed class World
{
    public static readonly ObjectKey ConfigMapKey = new("kubernaut-system", "kubernaut-toolset-config");
    public static readonly ObjectKey LeaseKey = new("kubernaut-system", "dynamic-toolset-leader");

    private const string Deployment = """
        {"metadata":{"name":"dynamic-toolset","namespace":"kubernaut-system"},
        "spec":{"selector":{"matchLabels":{"app":"a"}},"template":{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"a","image":"a"}]}}}}
        """;

    private readonly Random _random;
    private readonly List<Replica?> _replicas;
    private readonly List<int> _lives;
    private readonly List<Replica> _due = [];
    private readonly Promises _promises;
    private int _steps;

    public World(int seed, int replicas, FaultCount count)
    {
        _random = new Random(seed);
        WritesHolmes = _random.Next(8) == 0;
        HasOwner = _random.Next(4) == 0;
        RefusesOwners = HasOwner && _random.Next(2) == 0;
        Count = count;
        Backends = new SimulatedBackends(Agenda);
        Store = new KubeStore(historyLimit: 10_000, new ProcessClock(Agenda, new SimulatedProcess("server", Agenda)), new Random(_random.Next()));
        Store.Create(KubeResource.Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = ConfigMapKey.Namespace } });
        foreach (string ns in Tenants.Namespaces)
            Store.Create(KubeResource.Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = ns } });
        if (HasOwner)
            Store.Create(KubeResource.Deployments, JsonNode.Parse(Deployment)!.AsObject());
        _replicas = [.. new Replica?[replicas]];
        _lives = [.. new int[replicas]];
        _promises = new Promises(this);
        Admin = new Admin(this, new Random(_random.Next()));
        Tenants = new Tenants(this, new Random(_random.Next()));
        Chaos = new Chaos(this, new Random(_random.Next()));
    }

    public Agenda Agenda { get; } = new();

    public KubeStore Store { get; }

    public SimulatedBackends Backends { get; }

    public FaultCount Count { get; }

    public Admin Admin { get; }

    public Tenants Tenants { get; }

    public Chaos Chaos { get; }

    public int Steps => _steps;

    public bool WritesHolmes { get; }

    /// <summary>The ConfigMap is to belong to a Deployment.</summary>
    public bool HasOwner { get; }

    /// <summary>The replicas lack the right to have it so.</summary>
    public bool RefusesOwners { get; }

    public int Slots => _replicas.Count;

    /// <summary>The place of one that leads; null where none does.</summary>
    public int? Leader => _replicas.FindIndex(r => r is { Controller.Leadership.Leads: true }) is >= 0 and int slot ? slot : null;

    /// <summary>Those that live.</summary>
    public ImmutableArray<Replica> Replicas { get; private set; } = [];

    /// <summary>Changes with everything that was ever done, so that two runs of a seed can be compared.</summary>
    public ulong Trace { get; private set; } = 14695981039346656037;

    /// <summary>Gets a line for everything that happens; null for nowhere.</summary>
    public TextWriter? Record { get; set; }

    /// <summary>The last things that happened, for whoever has to find out why.</summary>
    public Queue<string> Diary { get; } = new();

    /// <summary>Gets what each life recorded; null where none does.</summary>
    public List<RecordedLife>? Records { get; set; }

    public JsonObject? ConfigMap => Store.Get(KubeResource.ConfigMaps, ConfigMapKey);

    /// <summary>What there is, as somebody with an API server that works sees it.</summary>
    public async Task<(KubeList<ServiceRecord> Services, ConfigMapRecord? ConfigMap)> ReadAsync()
    {
        var api = new SimulatedKubeApi(Store, new ProcessClock(Agenda, new SimulatedProcess("reader", Agenda)), new FaultPlan(), TimeSpan.FromMinutes(1));
        return (await api.ListServicesAsync(null, default), await api.GetConfigMapAsync(ConfigMapKey, default));
    }

    public Replica? At(int slot) => _replicas[slot];

    public void Start(int slot)
    {
        string name = $"replica-{slot}";
        // Half of the clocks run true, the others a little too fast or too slow: less than what the settings of a Lease allow for.
        double rate = _random.Next(2) == 0 ? 1 : 0.97 + (0.06 * _random.NextDouble());
        var replica = new Replica(this, name, Store, _random, Count, rate);
        replica.Link.Sent = errand => _promises.Leaves(replica, errand);
        replica.Link.Taken = errand => _promises.IsTaken(replica, errand);
        Put(slot, replica);
        _lives[slot]++;
        Note($"{name} starts, life {_lives[slot]}, clock at {rate:0.000}");
    }

    public void Remove(int slot)
    {
        Note($"replica-{slot} ends");
        _replicas[slot]?.Dispose();
        Put(slot, null);
    }

    public void RunFor(TimeSpan time)
    {
        TimeSpan end = Agenda.Now + time;
        CancellationToken stop = TestContext.Current.CancellationToken;
        while (Step(end))
            stop.ThrowIfCancellationRequested();
    }

    public void Note(string what)
    {
        string line = $"{Agenda.Now - TimeSpan.FromDays(1):hh\\:mm\\:ss\\.fff} {what}";
        foreach (char c in line)
            Trace = (Trace ^ c) * 1099511628211;
        Record?.WriteLine(line);
        Diary.Enqueue(line);
        if (Diary.Count > 400)
            Diary.Dequeue();
    }

    private void Put(int slot, Replica? replica)
    {
        _replicas[slot] = replica;
        Replicas = [.. _replicas.OfType<Replica>()];
    }

    /// <summary>Null where none would do anything.</summary>
    private Replica? NextActor()
    {
        _due.Clear();
        foreach (Replica replica in Replicas)
        {
            if (replica.Process.IsDue)
                _due.Add(replica);
        }

        return _due.Count == 0 ? null : _due[_random.Next(_due.Count)];
    }

    private bool Step(TimeSpan end)
    {
        if (NextActor() is { } actor)
            actor.Process.Step();
        else if (!Agenda.DoNext(end))
            return false;
        _steps++;
        _promises.Look();
        if (_promises.First is { } broken)
            throw broken;
        for (int slot = 0; slot < Slots; slot++)
        {
            if (_replicas[slot] is { } replica && replica.Defect is { } defect)
                throw new BrokenPromiseException($"replica-{slot}: a loop ended: {defect}", defect);
            if (_replicas[slot]?.Process.Strayed is { } stack)
                throw new BrokenPromiseException($"replica-{slot} has left the thread: {stack}");
            if (_replicas[slot] is { HasStopped: true })
                Remove(slot);
        }

        return true;
    }
}

internal sealed class BrokenPromiseException(string message, Exception? inner = null) : Exception(message, inner);
