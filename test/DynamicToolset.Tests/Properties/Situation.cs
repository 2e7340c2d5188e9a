using CsCheck;
using DynamicToolset.Cluster;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Properties;

/// <summary>A world and the round that comes next in it, each part worked out once.</summary>
internal sealed class Situation
{
    private readonly Lazy<ConfigMapRecord?> _present;
    private readonly Lazy<PipelineResult> _result;
    private readonly Lazy<ConfigMapPlan> _plan;
    private readonly Lazy<ConfigMapRecord?> _after;

    /// <param name="change">What else is done to a ConfigMap that is there.</param>
    public Situation(World world, Func<ConfigMapRecord, ConfigMapRecord>? change = null)
    {
        World = world;
        _present = new(() => world.Present() is { } record ? change?.Invoke(record) ?? record : null);
        _result = new(() => world.Generate(Present));
        _plan = new(() => ConfigMapPlanner.Plan(Result.Desired with { Owner = world.Owner }, Present, world.Overrides.Text));
        _after = new(() => Store.Apply(Plan, Present));
    }

    public static Gen<Situation> All { get; } = World.All.Select(world => new Situation(world));

    public World World { get; }

    public ConfigMapRecord? Present => _present.Value;

    public PipelineResult Result => _result.Value;

    public ConfigMapPlan Plan => _plan.Value;

    public ConfigMapRecord? After => _after.Value;

    public IEnumerable<string> Classes() => World.Services.Select(s => s.Class)
        .Append(World.Overrides.Class)
        .Append(Present is null ? "no ConfigMap" : "a ConfigMap")
        .Append($"plan {Plan.GetType().Name}")
        .Append($"owner {World.Owner.State.GetType().Name}")
        .Append(Plan is ConfigMapPlan.Patch { Changes.Owners: not null } ? "owners corrected" : "owners as they are")
        .Concat(Present is null ? [] : World.Tamperings.Select(t => t.Kind.ToString()))
        .Concat(Result.Endpoints.Any(e => e.Name.Contains($"-{e.Detection.Service.Key.Namespace}-", StringComparison.Ordinal)) ? ["several of one name"] : [])
        .Distinct();
}
