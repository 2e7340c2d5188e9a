using System.Collections.Immutable;
using DynamicToolset.Capabilities;
using DynamicToolset.Discovery;
using DynamicToolset.Overrides;
using DynamicToolset.Rules;
using DynamicToolset.Values;

namespace DynamicToolset.Toolsets;

/// <summary>Makes the toolsets out of the endpoints that are there and the overrides in force.</summary>
public sealed record ToolsetGenerator(RuleSet Rules, CredentialScope Credentials)
{
    private const int MostOthers = 3;

    /// <summary>Each backend's description of itself, for the model; null if there is none.</summary>
    public Func<Detection.Matched, CapabilityLine?> Says { get; init; } = static _ => null;

    /// <summary>Only this toolset needs no backend.</summary>
    internal static ToolsetValue.Map KubernetesConfig { get; } = ToolsetValue.Map.Of(
        ("incluster", new ToolsetValue.Flag(true)),
        ("namespaces", new ToolsetValue.List([new ToolsetValue.Text("*")])));

    public ToolsetList Generate(GivenNames names, ImmutableSortedDictionary<string, ToolsetValue.Map> overrides)
    {
        var toolsets = new Dictionary<string, Toolset>(StringComparer.Ordinal)
        {
            [ToolsetName.Kubernetes] = Generated(ToolsetName.Kubernetes, ToolsetName.Kubernetes, KubernetesConfig, new ToolsetSource.Always()),
        };
        foreach (NamedEndpoint endpoint in names.Endpoints)
        {
            Detection.Matched found = endpoint.Detection;
            var source = new ToolsetSource.Service(found.Service.Key)
            {
                Check = found.Health,
                GetsReferences = Credentials.Includes(found.Service.Key),
                Place = endpoint.Place,
                Says = Says(found),
                Swap = endpoint.Swap,
            };
            toolsets[endpoint.Name] = Generated(endpoint.Name, found.Type, found.Config, source, isEnabled: !StandsInForUnwanted(found, names, overrides));
        }

        var dormant = ImmutableArray.CreateBuilder<DormantOverride>();
        foreach ((string name, ToolsetValue.Map wanted) in overrides)
        {
            if (toolsets.TryGetValue(name, out Toolset? generated))
                toolsets[name] = generated with { Body = OverrideMerger.Merge(generated.Body, wanted) };
            else if (WhyDormant(name, wanted, names) is { } reason)
                dormant.Add(new DormantOverride(name, reason, OthersOfType(name, names.Endpoints)));
            else
                toolsets[name] = OwnToolset(name, wanted);
        }

        ImmutableArray<WithheldCredentials> withheld = Withhold(toolsets, overrides);
        return new ToolsetList([.. toolsets.Values.OrderBy(t => Rank(t.Name)).ThenBy(t => t.DataKey, StringComparer.Ordinal)], dormant.ToImmutable())
        {
            Withheld = withheld,
        };
    }

    /// <summary>If all of the real ones are switched off, so is the one that stands in; an override of its own name may say otherwise.</summary>
    private static bool StandsInForUnwanted(
        Detection.Matched found, GivenNames names, ImmutableSortedDictionary<string, ToolsetValue.Map> overrides) =>
        names.StandingIn.TryGetValue(found.Service.Key, out ImmutableArray<string> real)
        && real.All(name => overrides.GetValueOrDefault(name)?["enabled"] is ToolsetValue.Flag { Value: false });

    /// <summary>Even from overrides, since they belong to a name, whoever holds it; unless they set the URL themselves.</summary>
    private static ImmutableArray<WithheldCredentials> Withhold(
        Dictionary<string, Toolset> toolsets, ImmutableSortedDictionary<string, ToolsetValue.Map> overrides)
    {
        var withheld = ImmutableArray.CreateBuilder<WithheldCredentials>();
        foreach (Toolset toolset in toolsets.Values.OrderBy(t => t.Name, StringComparer.Ordinal).ToList())
        {
            if (toolset.Source is not ToolsetSource.Service { GetsReferences: false } service || HasUrl(overrides.GetValueOrDefault(toolset.Name)))
                continue;
            (ToolsetValue.Map rest, ImmutableArray<string> paths) = CredentialScope.TakeOut(toolset.Body);
            if (paths.IsEmpty)
                continue;
            toolsets[toolset.Name] = toolset with { Body = rest };
            withheld.Add(new WithheldCredentials(toolset.Name, service.Key, string.Join(", ", paths)));
        }

        return withheld.ToImmutable();
    }

    private static bool HasUrl(ToolsetValue.Map? wanted) => (wanted?["config"] as ToolsetValue.Map)?["url"] is not (null or ToolsetValue.Nothing);

    /// <summary>
    /// <c>prometheus: {enabled: false}</c> where no Prometheus is there says something about a backend that may come, and nothing of now. What
    /// is said of a Service that does not answer waits with it: its credentials must not end at another address.
    /// </summary>
    private DormancyReason? WhyDormant(string name, ToolsetValue.Map wanted, GivenNames names)
    {
        if (names.Waiting.Contains(name))
            return DormancyReason.BackendUnhealthy;
        if (names.Resting.Contains(name))
            return DormancyReason.BackendStandsBy;
        if (HasUrl(wanted))
            return null;
        return Rules.FindType(name) is null ? DormancyReason.NoUrl : DormancyReason.NoBackend;
    }

    private static string OthersOfType(string name, ImmutableArray<NamedEndpoint> endpoints) =>
        string.Join(", ", endpoints.Where(e => e.Detection.Type == name).Select(e => e.Name).Take(MostOthers));

    private Toolset OwnToolset(string name, ToolsetValue.Map wanted)
    {
        string type = Rules.FindType(name)?.Name ?? BuiltInRules.Custom.Name;
        Toolset empty = Generated(name, type, ToolsetValue.Map.Empty, new ToolsetSource.Override());
        return empty with { Body = OverrideMerger.Merge(empty.Body, wanted) };
    }

    private static Toolset Generated(string name, string type, ToolsetValue.Map config, ToolsetSource source, bool isEnabled = true) =>
        new(name, type, ToolsetValue.Map.Of(("enabled", new ToolsetValue.Flag(isEnabled)), ("config", config)), source);

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
