using System.Collections.Immutable;
using DynamicToolset.Discovery;
using DynamicToolset.Overrides;
using DynamicToolset.Rules;
using DynamicToolset.Values;

namespace DynamicToolset.Toolsets;

/// <summary>Makes the toolsets out of the endpoints that are there and the overrides in force.</summary>
public sealed record ToolsetGenerator(RuleSet Rules)
{
    /// <summary>Only this toolset needs no backend.</summary>
    internal static ToolsetValue.Map KubernetesConfig { get; } = ToolsetValue.Map.Of(
        ("incluster", new ToolsetValue.Flag(true)),
        ("namespaces", new ToolsetValue.List([new ToolsetValue.Text("*")])));

    public ToolsetList Generate(ImmutableArray<NamedEndpoint> endpoints, ImmutableSortedDictionary<string, ToolsetValue.Map> overrides)
    {
        var toolsets = new Dictionary<string, Toolset>(StringComparer.Ordinal)
        {
            [ToolsetName.Kubernetes] = Generated(ToolsetName.Kubernetes, ToolsetName.Kubernetes, KubernetesConfig, new ToolsetSource.Always()),
        };
        foreach ((string name, Detection.Matched found) in endpoints)
            toolsets[name] = Generated(name, found.Type, found.Config, new ToolsetSource.Service(found.Service.Key) { Check = found.Health });

        var dormant = ImmutableArray.CreateBuilder<string>();
        foreach ((string name, ToolsetValue.Map wanted) in overrides)
        {
            if (toolsets.TryGetValue(name, out Toolset? generated))
                toolsets[name] = generated with { Body = OverrideMerger.Merge(generated.Body, wanted) };
            else if (IsDormant(name, wanted))
                dormant.Add(name);
            else
                toolsets[name] = OwnToolset(name, wanted);
        }

        return new ToolsetList([.. toolsets.Values.OrderBy(t => Rank(t.Name)).ThenBy(t => t.DataKey, StringComparer.Ordinal)], dormant.ToImmutable());
    }

    /// <summary>
    /// <c>prometheus: {enabled: false}</c> where no Prometheus is there says something about a backend that may come, and nothing of now.
    /// </summary>
    private bool IsDormant(string name, ToolsetValue.Map wanted) =>
        Rules.FindType(name) is not null && (wanted["config"] as ToolsetValue.Map)?["url"] is null or ToolsetValue.Nothing;

    private Toolset OwnToolset(string name, ToolsetValue.Map wanted)
    {
        string type = Rules.FindType(name)?.Name ?? BuiltInRules.Custom.Name;
        Toolset empty = Generated(name, type, ToolsetValue.Map.Empty, new ToolsetSource.Override());
        return empty with { Body = OverrideMerger.Merge(empty.Body, wanted) };
    }

    private static Toolset Generated(string name, string type, ToolsetValue.Map config, ToolsetSource source) =>
        new(name, type, ToolsetValue.Map.Of(("enabled", new ToolsetValue.Flag(true)), ("config", config)), source);

    private int Rank(string name)
    {
        if (name == ToolsetName.Kubernetes)
            return -1;
        for (int i = 0; i < Rules.Types.Length; i++)
        {
            if (Rules.Types[i].Name == name)
                return i;
        }

        return Rules.Types.Length;
    }
}
