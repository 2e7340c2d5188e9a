using System.Text.Json.Nodes;
using DynamicToolset.Cluster;

namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>What must be true after each step, whatever went wrong.</summary>
internal sealed class Promises(World world)
{
    /// <summary>Who changed a Service, a backend or the overrides so lately may see its toolset go.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(4);

    private long _storeVersion;
    private string? _version;
    private SortedDictionary<string, string> _data = [];

    /// <summary>Writes of replicas that changed the ConfigMap.</summary>
    public int Writes { get; private set; }

    /// <summary>"No write is begun after the renew deadline": a replica that sends one leads at that moment, by its own clock.</summary>
    public void WriteLeaves(Replica replica, string verb, string resource)
    {
        if (resource == "configmaps" && !replica.Controller.Leadership.Leads)
            throw Broken($"{replica.Process.Name} sends a {verb} and does not lead");
    }

    public void Look(Replica? actor)
    {
        LookAtTerms();
        LookAtConfigMap(actor);
    }

    private void LookAtTerms()
    {
        if (world.Agenda.Now - world.Admin.TamperedAt < TimeSpan.FromSeconds(15))
            return;
        string[] leaders = [.. world.Replicas.Where(r => r.Controller.Leadership.Leads).Select(r => r.Process.Name)];
        if (leaders.Length > 1)
            throw Broken($"{string.Join(" and ", leaders)} lead at the same time");
    }

    private void LookAtConfigMap(Replica? actor)
    {
        if (world.Store.Version == _storeVersion)
            return;
        _storeVersion = world.Store.Version;
        JsonObject? present = world.ConfigMap;
        string? version = present?["metadata"]!["resourceVersion"]!.GetValue<string>();
        if (version == _version)
            return;
        SortedDictionary<string, string> data = DataOf(present);
        if (actor is not null)
            LookAtWrite(actor, present, data);
        (_version, _data) = (version, data);
    }

    private void LookAtWrite(Replica actor, JsonObject? present, SortedDictionary<string, string> data)
    {
        Writes++;
        world.Note($"{actor.Process.Name} writes {string.Join(' ', data.Keys)}");
        if (present is null)
            throw Broken($"{actor.Process.Name} deletes the ConfigMap");
        LookAtOverrides(actor, data);
        foreach (string gone in ServicesIn(_data).Except(ServicesIn(data)))
            LookAtRemoval(actor, gone);
    }

    private void LookAtOverrides(Replica actor, SortedDictionary<string, string> data)
    {
        string? now = data.GetValueOrDefault(ToolsetKey.Overrides);
        bool isCreation = _version is null;
        if (isCreation && world.Admin.Words.Contains(now))
            world.Admin.LastWord = now;
        if (now != world.Admin.LastWord)
            throw Broken($"{actor.Process.Name} makes the overrides {Shown(now)}, and the admin said {Shown(world.Admin.LastWord)}");
    }

    /// <summary>A toolset whose Service is there and well, and was for a while, must not go out of ignorance.</summary>
    private void LookAtRemoval(Replica actor, string host)
    {
        string[] names = host.Split('.');
        var service = new ObjectKey(names[1], names[0]);
        bool isExcused = !world.Tenants.IsThere(service)
            || IsLately(world.Tenants.ChangedAt(service))
            || IsLately(world.Backends.HealthySince(service) ?? world.Agenda.Now)
            || IsLately(world.Admin.SpokenAt)
            || IsLately(actor.ProbesFailUntil);
        if (!isExcused)
            throw Broken($"{actor.Process.Name} removes the toolset of {service}, which is there and well");
    }

    private bool IsLately(TimeSpan? at) => at is { } then && world.Agenda.Now - then < Lately;

    /// <summary>The hosts of Services that toolsets lead to.</summary>
    private static IEnumerable<string> ServicesIn(SortedDictionary<string, string> data) =>
        from d in data
        where d.Key.EndsWith("-toolset.yaml", StringComparison.Ordinal)
        from ns in Tenants.Namespaces
        let end = d.Value.IndexOf($".{ns}:", StringComparison.Ordinal)
        where end > 0
        let start = d.Value.LastIndexOf("//", end, StringComparison.Ordinal)
        where start > 0
        select d.Value[(start + 2)..(end + ns.Length + 1)];

    private static SortedDictionary<string, string> DataOf(JsonObject? configMap)
    {
        var data = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, JsonNode? value) in (configMap?["data"] as JsonObject) ?? [])
            data[key] = value!.GetValue<string>();
        return data;
    }

    private static string Shown(string? text) => text is null ? "absent" : $"\"{text.ReplaceLineEndings("\\n")}\"";

    private static BrokenPromiseException Broken(string how) => new(how);
}
