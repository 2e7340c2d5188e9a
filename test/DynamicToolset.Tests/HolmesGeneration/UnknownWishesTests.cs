using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.HolmesGeneration;

/// <summary>After a start with overrides that cannot be read.</summary>
public sealed class UnknownWishesTests
{
    private static readonly ToolsetPipeline Pipeline = new(BuiltInRules.All, [], [], "")
    {
        Holmes = new HolmesProfile(HolmesTarget.Compat, ["kubernetes/core"]),
    };

    [Fact]
    public void No_file_is_made_beside_toolsets_that_may_carry_an_admin_s_wish()
    {
        ConfigMapRecord present = ConfigMaps.Empty with { Data = ConfigMaps.Empty.Data.Add("prometheus-toolset.yaml", "toolset: prometheus\nenabled: false\n") };
        DesiredConfigMap desired = Generate(present);
        Assert.DoesNotContain(desired.Data, d => d.Key == ToolsetKey.Holmes);
        Assert.Contains(ToolsetKey.Holmes, desired.KeptKeys);
    }

    [Fact]
    public void Where_there_is_no_toolset_yet_the_file_is_made_with_them() =>
        Assert.Contains(Generate(ConfigMaps.Empty).Data, d => d.Key == ToolsetKey.Holmes);

    private static DesiredConfigMap Generate(ConfigMapRecord present) => Pipeline.Generate(
        [.. Pipeline.Detect(ServiceText.ParseAll(["m/prometheus app=prometheus web:9090"])).OfType<Detection.Matched>()],
        _ => true,
        Incumbents.None,
        OverrideState.Start.Next(OverrideParser.Parse("a: [")),
        present,
        lastSeenOverrides: null).Desired;
}
