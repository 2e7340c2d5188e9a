using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>Somebody with every right to the ConfigMap and the Lease, who uses it.</summary>
internal sealed class Admin(World world, Random random)
{
    /// <summary>Overrides that make a toolset which no Service makes.</summary>
    public const string Mine = "mine:\n  config:\n    url: http://mine.elsewhere:80\n";

    public const string MineKey = "mine-toolset.yaml";

    public const string Unreadable = "grafana: [";

    private static readonly string?[] Texts =
    [
        null, "", "# nothing\n", "grafana:\n  config:\n    timeout: 5s\n", "prometheus:\r\n  enabled: false\r\n", Mine, Mine, Unreadable,
        Unreadable, "jaeger:\n  config:\n    note: \"é ü 😀\"\n", "custom-team-a-custom-0:\n  enabled: false\n",
    ];

    private readonly List<string?> _words = [null];

    /// <summary>What overrides.yaml should hold: the admin's last word, or what came back after a deletion.</summary>
    public string? LastWord { get; set; }

    public TimeSpan SpokenAt { get; private set; }

    /// <summary>When the Lease was deleted or emptied: whoever sees it first may lead, while who led does not know yet.</summary>
    public TimeSpan TamperedAt { get; private set; }

    /// <summary>Everything that the admin has ever wanted there.</summary>
    public IReadOnlyList<string?> Words => _words;

    public void Act()
    {
        switch (random.Next(10))
        {
            case 0 or 1 or 2:
                Speak();
                break;
            case 3:
                Delete("deletes the ConfigMap");
                break;
            case 4:
                Replace();
                break;
            case 5:
                Patch(AnyKey(), "spoiled\n", "spoils a key");
                break;
            case 6:
                Patch(AnyKey(), null, "removes a key");
                break;
            case 7:
                Patch("stray-toolset.yaml", "stray\n", "adds a key that looks like ours");
                break;
            case 8:
                DeleteLease();
                break;
            default:
                EmptyLease();
                break;
        }
    }

    /// <summary>Says something that can be followed, as soon as there is where to say it: what was in force before a mistake is known to some and not to others.</summary>
    public void Calm() => world.Agenda.In(TimeSpan.FromSeconds(30), () =>
    {
        const string Text = "grafana:\n  config:\n    timeout: 5s\n";
        if (Patch(ToolsetKey.Overrides, Text, "writes overrides"))
            Spoken(Text);
        else
            Calm();
    });

    private void Speak()
    {
        string? text = Texts[random.Next(Texts.Length)];
        if (Patch(ToolsetKey.Overrides, text, "writes overrides"))
            Spoken(text);
    }

    private void Spoken(string? text)
    {
        LastWord = text;
        SpokenAt = world.Agenda.Now;
        _words.Add(text);
    }

    private void Delete(string what)
    {
        if (world.ConfigMap is null)
            return;
        world.Store.Delete(KubeResource.ConfigMaps, World.ConfigMapKey);
        Tell(what);
    }

    /// <summary>As <c>kubectl replace --force</c> does.</summary>
    private void Replace()
    {
        string? text = Texts[random.Next(Texts.Length)];
        Delete("deletes the ConfigMap to replace it");
        world.Agenda.In(TimeSpan.FromMilliseconds(random.Next(1_500)), () =>
        {
            if (world.ConfigMap is not null)
                return;
            var data = new JsonObject();
            if (text is not null)
                data[ToolsetKey.Overrides] = text;
            world.Store.Create(KubeResource.ConfigMaps, new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = World.ConfigMapKey.Name, ["namespace"] = World.ConfigMapKey.Namespace },
                ["data"] = data,
            });
            Spoken(text);
            Tell("creates the ConfigMap anew");
        });
    }

    private bool Patch(string key, string? value, string what)
    {
        if (world.ConfigMap is null)
            return false;
        world.Store.MergePatch(KubeResource.ConfigMaps, World.ConfigMapKey, new JsonObject { ["data"] = new JsonObject { [key] = value } });
        Tell(what);
        return true;
    }

    private string AnyKey()
    {
        string[] keys = [.. ((world.ConfigMap?["data"] as JsonObject) ?? []).Select(d => d.Key).Where(k => k != ToolsetKey.Overrides)];
        return keys.Length == 0 ? "kubernetes-toolset.yaml" : keys[random.Next(keys.Length)];
    }

    private void DeleteLease()
    {
        if (world.Store.Get(KubeResource.Leases, World.LeaseKey) is null)
            return;
        world.Store.Delete(KubeResource.Leases, World.LeaseKey);
        TamperedAt = world.Agenda.Now;
        Tell("deletes the Lease");
    }

    private void EmptyLease()
    {
        if (world.Store.Get(KubeResource.Leases, World.LeaseKey) is null)
            return;
        world.Store.MergePatch(KubeResource.Leases, World.LeaseKey, JsonNode.Parse("""{"spec":{"holderIdentity":null}}""")!.AsObject());
        TamperedAt = world.Agenda.Now;
        Tell("empties the Lease");
    }

    private void Tell(string what)
    {
        world.Count.Struck($"the admin {what}");
        world.Note($"the admin {what}");
    }
}
