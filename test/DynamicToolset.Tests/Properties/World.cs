using System.Collections.Immutable;
using CsCheck;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Properties;

/// <summary>A cluster, what the admin wants, and the ConfigMap as a first round and then others left it.</summary>
/// <param name="FirstServices">How many of the Services were there in the first round; -1 where there is no ConfigMap.</param>
internal sealed record World(
    ImmutableArray<(string Class, ServiceRecord Service)> Services,
    int Unhealthy,
    (string Class, string? Text) Overrides,
    ImmutableArray<Tampering> Tamperings,
    int FirstServices,
    ImmutableArray<string> Preferred,
    string Domain,
    bool WritesHolmes)
{
    private static readonly HolmesProfile Profile = new(HolmesTarget.Compat, ["kubernetes/core", "kubernetes/logs"]);

    public static Gen<World> All { get; } = Gen.Select(
        Generated.Clusters,
        Gen.Int[0, 7],
        Generated.Overrides,
        Generated.Drifts,
        Gen.Int[-1, 12],
        Gen.OneOf("", "", "b", "x-y a"),
        Gen.OneOf("", "", "cluster.local"),
        // It takes most of the time, and what is promised of one more key is soon tried out.
        Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true))),
        (services, unhealthy, overrides, tamperings, first, preferred, domain, holmes) => new World(
            services, unhealthy, overrides, tamperings, first, [.. preferred.Split(' ', StringSplitOptions.RemoveEmptyEntries)], domain, holmes));

    /// <summary>What is known of the Deployment: most often its uid.</summary>
    public DesiredOwner Owner => new("dynamic-toolset", Unhealthy switch
    {
        1 => new OwnerState.Missing(),
        2 => new OwnerState.SwitchedOff(),
        3 => new OwnerState.Unknown(),
        _ => new OwnerState.Found("new"),
    });

    public static OwnerReference OwnerWith(string uid) => OwnerReference.ToDeployment("dynamic-toolset", uid);

    public static bool IsOurs(OwnerReference owner) => owner.IsToDeployment("dynamic-toolset");

    /// <summary>What the admin's text is after all the tampering.</summary>
    public static string? OverridesIn(ConfigMapRecord? record) => record?.Data.GetValueOrDefault(ToolsetKey.Overrides);

    public ConfigMapRecord? Present()
    {
        if (FirstServices < 0)
            return null;
        World first = this with { Services = [.. Services.Take(FirstServices)], Tamperings = [] };
        ConfigMapRecord empty = Overrides.Text is null ? ConfigMaps.Empty : ConfigMaps.Empty.With(ToolsetKey.Overrides, Overrides.Text);
        ConfigMapRecord record = Store.Apply(first.Plan(empty), empty)!;
        foreach (Tampering tampering in Tamperings)
            record = tampering.ApplyTo(record);
        return record;
    }

    public PipelineResult Generate(ConfigMapRecord? present) => Generate(present, State(present));

    public PipelineResult Generate(ConfigMapRecord? present, OverrideState overrides)
    {
        var pipeline = new ToolsetPipeline(BuiltInRules.All, [], Preferred, Domain) { Holmes = WritesHolmes ? Profile : null };
        return pipeline.Generate(
            [.. pipeline.Detect(Services.Select(s => s.Service)).OfType<Detection.Matched>()], IsHealthy, PresentToolsets.ReadHolders(present), overrides, present, Overrides.Text);
    }

    /// <summary>What was last seen of the overrides is there for the planner even where it has nothing to do with it.</summary>
    public ConfigMapPlan Plan(ConfigMapRecord? present) =>
        ConfigMapPlanner.Plan(Generate(present).Desired with { Owner = Owner }, present, Overrides.Text);

    /// <summary>As after a start: there is no last good text.</summary>
    public OverrideState State(ConfigMapRecord? present) =>
        OverrideState.Start.Next(present is null ? OverrideParser.Parse(Overrides.Text) : OverrideParser.ParseIn(present));

    public bool IsHealthy(Detection.Matched detection) =>
        (detection.Service.Key.Name.Length + (detection.Service.Key.Namespace.Length * 3)) % 8 != Unhealthy;
}
