using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>People who install, change and remove backends, and what else they have.</summary>
internal sealed class Tenants(World world, Random random)
{
    public static readonly string[] Namespaces = ["monitoring", "team-a", "team-b"];

    private static readonly string[] Kinds = ["prometheus", "grafana", "jaeger", "elasticsearch", "custom", "nothing"];

    private readonly SortedDictionary<ObjectKey, TimeSpan> _changedAt = [];

    public IEnumerable<ObjectKey> Services => _changedAt.Keys;

    /// <summary>When a Service was made or changed last, or removed; null where there never was one.</summary>
    public TimeSpan? ChangedAt(ObjectKey service) => _changedAt.TryGetValue(service, out TimeSpan at) ? at : null;

    public bool IsThere(ObjectKey service) => world.Store.Get(KubeResource.Services, service) is not null;

    /// <summary>Whether it is there and its owner, or a rule, makes it a backend.</summary>
    public bool IsBackend(ObjectKey service)
    {
        JsonNode? metadata = world.Store.Get(KubeResource.Services, service)?["metadata"];
        string? kind = metadata?["labels"]?["app"]?.GetValue<string>();
        return metadata?["annotations"]?["kubernaut.io/toolset"]?.GetValue<string>() switch
        {
            null => kind is not (null or "custom" or "nothing"),
            var asked => asked == "true",
        };
    }

    public void Act()
    {
        if (_changedAt.Count < 3 || random.Next(3) == 0)
            Install();
        else if (random.Next(3) == 0)
            Uninstall(Any());
        else
            Change(Any());
    }

    public void Install()
    {
        string kind = Kinds[random.Next(Kinds.Length)];
        var key = new ObjectKey(Namespaces[random.Next(Namespaces.Length)], $"{kind}-{random.Next(3)}");
        if (IsThere(key))
            return;
        world.Store.Create(KubeResource.Services, Manifest(key, kind));
        Touched(key, "installed");
    }

    private void Uninstall(ObjectKey key)
    {
        if (!IsThere(key))
            return;
        world.Store.Delete(KubeResource.Services, key);
        Touched(key, "removed");
    }

    private void Change(ObjectKey key)
    {
        if (!IsThere(key))
            return;
        string patch = random.Next(4) switch
        {
            0 => """{"metadata":{"annotations":{"kubernaut.io/toolset":"false"}}}""",
            1 => """{"metadata":{"annotations":{"kubernaut.io/toolset":null}}}""",
            2 => """{"metadata":{"annotations":{"kubernaut.io/health-endpoint":"/ready"}}}""",
            _ => $$"""{"metadata":{"labels":{"version":"{{random.Next(100)}}" } } }""",
        };
        world.Store.MergePatch(KubeResource.Services, key, JsonNode.Parse(patch)!.AsObject());
        Touched(key, "changed");
    }

    private ObjectKey Any() => _changedAt.Keys.ElementAt(random.Next(_changedAt.Count));

    private void Touched(ObjectKey key, string how)
    {
        _changedAt[key] = world.Agenda.Now;
        world.Count.Struck($"a Service is {how}");
        world.Note($"{key} {how}");
    }

    private static JsonObject Manifest(ObjectKey key, string kind)
    {
        (string port, int number) = kind switch
        {
            "prometheus" => ("web", 9090),
            "grafana" => ("service", 3000),
            "jaeger" => ("query", 16686),
            "elasticsearch" => ("http", 9200),
            _ => ("http", 8080),
        };
        JsonObject annotations = kind == "custom"
            ? new JsonObject { ["kubernaut.io/toolset"] = "true", ["kubernaut.io/toolset-type"] = "custom" }
            : [];
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = new JsonObject
            {
                ["name"] = key.Name,
                ["namespace"] = key.Namespace,
                ["labels"] = new JsonObject { ["app"] = kind },
                ["annotations"] = annotations,
            },
            ["spec"] = new JsonObject
            {
                ["selector"] = new JsonObject { ["app"] = key.Name },
                ["ports"] = new JsonArray(new JsonObject { ["name"] = port, ["port"] = number }),
            },
        };
    }
}
