using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>What must be true after each step, whatever went wrong.</summary>
internal sealed class Promises(World world)
{
    /// <summary>Who changed a Service, a backend or the overrides so lately may see its toolset go.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(4);

    /// <summary>Who takes a Lease away leaves two in the belief that they lead, for so long.</summary>
    private static readonly TimeSpan Tampering = TimeSpan.FromSeconds(15);

    /// <summary>Two seconds, by a clock that may run too fast.</summary>
    private static readonly TimeSpan RecreationPause = TimeSpan.FromSeconds(1.9);

    /// <summary>How long a write that is under way may go on at the end of a leader, by a clock that may run too fast.</summary>
    private static readonly TimeSpan LastCall = TimeSpan.FromSeconds(0.45);

    private readonly List<string> _terms = [];
    private readonly Dictionary<Replica, string?> _leading = [];
    private readonly HashSet<string> _fenced = new(StringComparer.Ordinal);
    private readonly List<(long Version, string? Overrides)> _words = [];
    private long _storeVersion;
    private int _newestTerm;
    private long? _version;
    private TimeSpan? _goneSince;
    private SortedDictionary<string, string> _data = [];

    /// <summary>The first that was broken, whoever has caught the exception since; null where none was.</summary>
    public BrokenPromiseException? First { get; private set; }

    /// <summary>"No write is begun after the renew deadline": a replica that sends one leads at that moment, by its own clock.</summary>
    public void Leaves(Replica replica, Errand errand)
    {
        if (errand.GivesBack)
            LookAtRelease(replica);
        if (errand.Resource != "configmaps")
            return;
        if (replica.Controller.Leadership is not Leadership.Leader { Fence: var fence } || !replica.MayLead)
            throw Broken($"{replica.Process.Name} sends a {errand.Verb} and does not lead");
        (errand.Fence, errand.SentAt) = (fence, world.Agenda.Now);
        LookAtTerms();
        if (errand.Creation is { } creation)
            LookAtCreation(replica, creation);
    }

    /// <summary>The Lease is given back when no write is under way any more; one that was sent just now is not given up for it.</summary>
    private void LookAtRelease(Replica replica)
    {
        if (replica.Link.Awaited > 0)
            throw Broken($"{replica.Process.Name} gives the Lease back while it still waits for a write");
        bool hasTime = replica.Link.RenewedAt is { } at && replica.Process.Clock.GetElapsedTime(at) < TimeSpan.FromSeconds(5);
        if (hasTime && replica.Link.GivenUp is { } write && world.Agenda.Now - write.SentAt < LastCall)
            throw Broken($"{replica.Process.Name} gives a write up at once to give the Lease back");
    }

    /// <summary>The API server has taken a write, perhaps long after it was sent.</summary>
    public void IsTaken(Replica sender, Errand errand)
    {
        if (errand.Resource == "configmaps")
            LookAtConfigMap(sender, errand);
    }

    public void Look()
    {
        LookAtTerms();
        LookAtConfigMap(null, null);
    }

    private void LookAtTerms()
    {
        int leaders = 0;
        foreach (Replica replica in world.Replicas)
        {
            Leadership leadership = replica.Controller.Leadership;
            string? fence = (leadership as Leadership.Leader)?.Fence;
            if (fence is not null && !replica.MayLead)
                throw Broken($"{replica.Process.Name} leads, and its last renewal is too old");
            if (fence is not null && fence != _leading.GetValueOrDefault(replica))
                Begins(replica, fence);
            _leading[replica] = fence;
            leaders += leadership.Leads ? 1 : 0;
        }

        if (leaders > 1 && world.Agenda.Now - world.Admin.TamperedAt >= Tampering)
            throw Broken($"{string.Join(" and ", world.Replicas.Where(r => r.Controller.Leadership.Leads).Select(r => r.Process.Name))} lead at the same time");
    }

    private void Begins(Replica replica, string fence)
    {
        if (_terms.Contains(fence))
            throw Broken($"{replica.Process.Name} leads anew with the fence of a term that was over");
        _terms.Add(fence);
    }

    /// <summary>The overrides that come back are none that it knows to be out of date, and whoever replaces the ConfigMap has its time.</summary>
    private void LookAtCreation(Replica replica, ConfigMapContent creation)
    {
        if (_words.Count == 0)
            return;
        long known = replica.Link.ToldOf;
        int first = Math.Max(0, _words.FindLastIndex(w => w.Version <= known));
        string? overrides = creation.Data.GetValueOrDefault(ToolsetKey.Overrides);
        if (known > 0 && _words.Skip(first).All(w => w.Overrides != overrides))
            throw Broken($"{replica.Process.Name} brings back the overrides {Shown(overrides)}, and was told of {Shown(_words[first].Overrides)}");
        if (known >= _words[^1].Version && _goneSince is { } gone && world.Agenda.Now - gone < RecreationPause)
            throw Broken($"{replica.Process.Name} creates the ConfigMap anew at once");
    }

    /// <param name="sender">Null where it was no replica.</param>
    private void LookAtConfigMap(Replica? sender, Errand? errand)
    {
        if (world.Store.Version == _storeVersion)
            return;
        _storeVersion = world.Store.Version;
        StoredObject? stored = world.Store.Find(KubeResource.ConfigMaps, World.ConfigMapKey);
        if (stored?.Version == _version)
            return;
        JsonObject? present = stored?.Read();
        SortedDictionary<string, string> data = DataOf(present);
        if (sender is not null)
            LookAtWrite(sender, errand!, present, data);
        (_version, _data) = (stored?.Version, data);
        _goneSince = present is null ? world.Agenda.Now : null;
        if (stored is not null)
            _words.Add((stored.Version, data.GetValueOrDefault(ToolsetKey.Overrides)));
    }

    private void LookAtWrite(Replica sender, Errand errand, JsonObject? present, SortedDictionary<string, string> data)
    {
        world.Note($"{sender.Process.Name} writes {string.Join(' ', data.Keys)}");
        if (present is null)
            throw Broken($"{sender.Process.Name} deletes the ConfigMap");
        LookAtFence(sender, errand, present);
        LookAtOverrides(sender, data);
        foreach (string gone in ServicesIn(_data).Except(ServicesIn(data)))
            LookAtLoss(sender, gone, "removes the toolset");

        foreach (string key in _data.Keys.Where(k => ToolsetKey.IsToolset(k) && HostIn(_data[k]) is { } host && data.TryGetValue(k, out string? text) && HostIn(text) is { } other && other != host))
            LookAtLoss(sender, HostIn(_data[key])!, $"takes {key} away");
    }

    /// <summary>The first write of a term moves the version, and from then on no write of an earlier term is taken.</summary>
    private void LookAtFence(Replica sender, Errand errand, JsonObject present)
    {
        if (_fenced.Add(errand.Fence!) && present["metadata"]?["annotations"]?[DesiredConfigMap.LeaderEpochAnnotation]?.GetValue<string>() != errand.Fence)
            throw Broken($"{sender.Process.Name} writes without the fence of its term");
        int term = _terms.IndexOf(errand.Fence!);
        bool isExcused = errand.Creation is not null || errand.SentAt - world.Admin.TamperedAt < Tampering;
        if (term < _newestTerm && !isExcused)
            throw Broken($"a write that {sender.Process.Name} sent {(world.Agenda.Now - errand.SentAt).TotalSeconds:0.0} s ago is taken, and another leads since");
        _newestTerm = Math.Max(_newestTerm, term);
    }

    private void LookAtOverrides(Replica actor, SortedDictionary<string, string> data)
    {
        string? now = data.GetValueOrDefault(ToolsetKey.Overrides);
        bool isCreation = _version is null;
        if (isCreation && world.Admin.Words.Contains(now))
            world.Admin.LastWord = now;
        if (now != world.Admin.LastWord)
            throw Broken($"{actor.Process.Name} makes the overrides {Shown(now)}, and the admin said {Shown(world.Admin.LastWord)}");
        bool isWanted = now == Admin.Unreadable && _words.FindLast(w => w.Overrides != Admin.Unreadable).Overrides == Admin.Mine;
        if (isWanted && _data.ContainsKey(Admin.MineKey) && !data.ContainsKey(Admin.MineKey))
            throw Broken($"{actor.Process.Name} takes away what the overrides said while they could be read");
    }

    /// <summary>A toolset whose Service is there and well, and was for a while, must not go out of ignorance, nor its name to another.</summary>
    private void LookAtLoss(Replica actor, string host, string how)
    {
        string[] names = host.Split('.');
        var service = new ObjectKey(names[1], names[0]);
        // While the overrides are not known nothing is removed, be it minutes after its owner opted out. Of one that is asked in two cuts, and not in the
        // gap between them, another that is asked in the gap is believed to be a witness.
        bool isExcused = !world.Tenants.IsBackend(service)
            || IsLately(world.Tenants.ChangedAt(service))
            || IsLately(world.Backends.HealthySince(service) ?? world.Agenda.Now)
            || (IsLately(actor.ProbesFailUntil) && IsAlone)
            || IsLately(actor.ProbesFailAgainUntil);
        if (!isExcused)
            throw Broken($"{actor.Process.Name} {how} of {service}, which is there and well");
    }

    /// <summary>The failure of the only one is believed, also where others went while nobody could write.</summary>
    private bool IsAlone => ServicesIn(_data).Distinct().Count() == 1 || world.Tenants.Services.Count(world.Tenants.IsBackend) == 1;

    private bool IsLately(TimeSpan? at) => at is { } then && world.Agenda.Now - then < Lately;

    /// <summary>The hosts of Services that toolsets lead to.</summary>
    private static IEnumerable<string> ServicesIn(SortedDictionary<string, string> data) =>
        data.Where(d => ToolsetKey.IsToolset(d.Key)).Select(d => HostIn(d.Value)).OfType<string>();

    private static string? HostIn(string toolset) => (
        from ns in Tenants.Namespaces
        let end = toolset.IndexOf($".{ns}:", StringComparison.Ordinal)
        where end > 0
        let start = toolset.LastIndexOf("//", end, StringComparison.Ordinal)
        where start > 0
        select toolset[(start + 2)..(end + ns.Length + 1)]).FirstOrDefault();

    private static SortedDictionary<string, string> DataOf(JsonObject? configMap)
    {
        var data = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, JsonNode? value) in (configMap?["data"] as JsonObject) ?? [])
            data[key] = value!.GetValue<string>();
        return data;
    }

    private static string Shown(string? text) => text is null ? "absent" : $"\"{text.ReplaceLineEndings("\\n")}\"";

    private BrokenPromiseException Broken(string how) => First ??= new BrokenPromiseException(how);
}
