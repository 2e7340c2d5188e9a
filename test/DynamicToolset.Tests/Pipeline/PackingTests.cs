using System.Collections.Immutable;
using System.Diagnostics;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Tests.Pipeline;

/// <summary>What becomes of more custom Services than the ConfigMap has room for.</summary>
public sealed class PackingTests(ITestOutputHelper output)
{
    private const int Limit = ConfigMapPlanner.LargestSize;
    private static readonly ToolsetPipeline Pipeline = new(BuiltInRules.All, [], [], "");
    private static readonly ToolsetPipeline WithHolmes = Pipeline with { Holmes = new HolmesProfile(HolmesTarget.Compat, ["kubernetes/core", "kubernetes/logs"]) };

    /// <param name="room">In bytes, that the next one would need: with the file for HolmesGPT it has an entry there too.</param>
    [Theory]
    [InlineData(false, 1_000)]
    [InlineData(true, 3_000)]
    public void Of_five_thousand_custom_Services_as_many_as_fit_are_written_and_the_others_are_listed(bool writesHolmes, int room)
    {
        ImmutableArray<ServiceRecord> services =
            [.. Enumerable.Range(0, 5_000).Select(i => Custom($"team-{i % 10:D3}", $"a-service-of-this-team-{i:D4}")), .. ServiceText.ParseAll(["m/p app=prometheus web:9090"])];
        (PipelineResult result, ConfigMapRecord after) = Settle(services, ConfigMaps.Empty, null, writesHolmes ? WithHolmes : Pipeline);
        Assert.InRange(ConfigMapSize.Of(after), Limit - room, Limit);
        Assert.Equal(5_002, result.Toolsets.Toolsets.Length + result.LeftOut.Length);
        Assert.InRange(result.LeftOut.Length, 100, 4_900);
        Assert.Equal(["kubernetes", "prometheus"], result.Toolsets.Toolsets.Take(2).Select(t => t.Name));
        Assert.DoesNotContain(result.LeftOut, t => after.Data.ContainsKey(t.DataKey));
        int[] counts = [.. result.Toolsets.Toolsets.Where(t => t.Type == "custom").CountBy(NamespaceOf).Select(c => c.Value)];
        Assert.Equal(10, counts.Length);
        Assert.InRange(counts.Max() - counts.Min(), 0, 1);
    }

    [Fact]
    public void Namespaces_with_thousands_leave_the_others_theirs()
    {
        ImmutableArray<ServiceRecord> services =
            [.. Enumerable.Range(0, 5_000).Select(i => Custom($"crowded-{i % 5}", $"a-service-with-a-long-name-{i:D4}")), Custom("small", "only"), Custom("a", "first"), Custom("z", "last")];
        PipelineResult result = Settle(services, ConfigMaps.Empty, null).Result;
        Assert.NotEmpty(result.LeftOut);
        Assert.All(result.LeftOut, t => Assert.StartsWith("crowded", NamespaceOf(t), StringComparison.Ordinal));
    }

    [Fact]
    public void What_others_keep_in_the_ConfigMap_takes_room()
    {
        ImmutableArray<ServiceRecord> services = [Custom("a", "x"), Custom("b", "w"), Custom("c", "z")];
        ConfigMapRecord alone = Settle(services, ConfigMaps.Empty, null).After;
        int free = Limit - ConfigMapSize.Of(alone), each = ConfigMapSize.Of(alone.Data.Where(d => d.Key == "x-toolset.yaml"));
        ConfigMapRecord text = ConfigMaps.Empty.With("k", new string('é', (free - 1) / 2)), binary = ConfigMaps.Empty.WithBinary("k", free - 1);
        Assert.Equal("", Left(services, text));
        Assert.Equal("", Left(services, binary));
        Assert.Equal("z", Left(services, text.With("l", "xx")));
        Assert.Equal("z", Left(services, binary.WithBinary("k", free)));
        Assert.Equal("z", Left(services, binary.WithBinary("k", free - 1 + each)));
        Assert.Equal("w z", Left(services, binary.WithBinary("k", free + each)));
        Assert.Equal("w z", Left(services, binary.WithBinary("k", free - 1 + (2 * each))));
        Assert.Equal("x w z", Left(services, binary.WithBinary("k", free + (2 * each))));
        // Ours goes: it takes no room.
        Assert.Equal("", Left(services, binary.WithBinary("old-toolset.yaml", 100_000)));
    }

    [Fact]
    public void Overrides_take_room_when_they_are_there_and_when_they_come_back()
    {
        ImmutableArray<ServiceRecord> services = [Custom("a", "x"), Custom("b", "y")];
        int free = Limit - ConfigMapSize.Of(Settle(services, ConfigMaps.Empty, null).After) - ToolsetKey.Overrides.Length;
        string exact = "#" + new string('x', free - 1);
        Assert.Equal("", Left(services, ConfigMaps.Empty.With(ToolsetKey.Overrides, exact)));
        Assert.Equal("", Left(services, null, exact));
        Assert.Equal("y", Left(services, ConfigMaps.Empty.With(ToolsetKey.Overrides, exact + "x")));
        Assert.Equal("y", Left(services, null, exact + "x"));
        // Nothing but what must be there, over 900 KiB: the text is not lost, and the next round has nothing to write.
        (PipelineResult result, ConfigMapRecord after) = Settle(services, null, exact + new string('x', 100_000));
        Assert.Equal(["kubernetes"], result.Toolsets.Toolsets.Select(t => t.Name));
        Assert.Equal(free + 100_000, after.Data[ToolsetKey.Overrides].Length);
    }

    [Fact]
    public void Neither_built_in_types_nor_what_the_overrides_name_is_left_out()
    {
        const string Overrides = "pinned: {enabled: true}\nmine: {url: u}\n";
        ImmutableArray<ServiceRecord> services =
            [Custom("a", "before"), Custom("a", "pinned"), .. ServiceText.ParseAll(["m/p app=prometheus web:9090", "n/p app=prometheus web:9090"])];
        ConfigMapRecord present = Settle(services, ConfigMaps.Empty.With(ToolsetKey.Overrides, Overrides), null).After;
        PipelineResult result = Settle(services, present.WithBinary("k", Limit - ConfigMapSize.Of(present)), null).Result;
        Assert.Equal("before", string.Join(' ', result.LeftOut.Select(t => t.Name)));
        Assert.Equal(["kubernetes", "prometheus", "mine", "pinned", "prometheus-n-p"], result.Toolsets.Toolsets.Select(t => t.Name));
    }

    [Fact]
    public void Where_not_even_the_rest_fits_nothing_is_written()
    {
        ImmutableArray<ServiceRecord> services = [Custom("a", "x")];
        ConfigMapRecord full = ConfigMaps.Empty.WithBinary("k", Limit);
        ConfigMapPlan plan = ConfigMapPlanner.Plan(Generate(services, full, null).Desired, full);
        Assert.Equal(RefuseReason.TooLarge, Assert.IsType<ConfigMapPlan.Refuse>(plan).Reason);
    }

    /// <summary>Two Services want one name; the one that has it is left out. An annotation says after a restart that it has it.</summary>
    [Fact]
    public void A_name_stays_with_its_holder_that_is_left_out()
    {
        ImmutableArray<ServiceRecord> services = [Custom("b", "shop")];
        ConfigMapRecord present = Settle(services, ConfigMaps.Empty, null).After;
        services = [Custom("a", "shop"), .. services];
        (PipelineResult roomy, ConfigMapRecord both) = Settle(services, present, null);
        Assert.Equal(["custom-a-shop", "shop"], Customs(roomy));
        int free = Limit - ConfigMapSize.Of(both);
        (PipelineResult narrow, _) = Settle(services, both.WithBinary("k", free), null);
        Assert.Equal(["custom-a-shop"], Customs(narrow));
        Assert.Equal(new ObjectKey("b", "shop"), narrow.Names.Holders.ByName["shop"]);
    }

    [Fact]
    public void While_the_admin_s_wishes_are_unknown_what_is_there_stays_and_only_what_fits_is_added()
    {
        ImmutableArray<ServiceRecord> services = [Custom("a", "x")];
        ConfigMapRecord present = Settle(services, ConfigMaps.Empty, null).After;
        ConfigMapRecord full = present.With(ToolsetKey.Overrides, "[").WithBinary("k", Limit - ConfigMapSize.Of(present) - ToolsetKey.Overrides.Length - 3);
        services = [.. services, Custom("b", "y")];
        PipelineResult result = Generate(services, full, null);
        Assert.True(result.Desired.KeepsUnknown);
        Assert.Equal("y", string.Join(' ', result.LeftOut.Select(t => t.Name)));
        Assert.IsNotType<ConfigMapPlan.Refuse>(ConfigMapPlanner.Plan(result.Desired with { Annotations = result.Desired.Annotations.Clear() }, full));
    }

    [Fact]
    public void A_round_in_which_nothing_changed_takes_over_what_the_one_before_it_made()
    {
        ImmutableArray<ServiceRecord> services = [.. Enumerable.Range(0, 5_000).Select(i => Custom($"team-{i % 10:D3}", $"a-service-of-this-team-{i:D4}"))];
        (PipelineResult first, ConfigMapRecord present) = Timed("first", ConfigMaps.Empty, null);
        services = services.RemoveAt(0);
        (PipelineResult changed, present) = Timed("changed", present, first);
        (PipelineResult quiet, ConfigMapRecord after) = Timed("quiet", present, changed);
        Assert.NotEmpty(quiet.LeftOut);
        Assert.Same(changed.Desired, quiet.Desired);
        Assert.Same(present, after);

        (PipelineResult Result, ConfigMapRecord After) Timed(string round, ConfigMapRecord now, PipelineResult? before)
        {
            ImmutableArray<Detection.Matched> detections = [.. WithHolmes.Detect(services).OfType<Detection.Matched>()];
            Incumbents incumbents = before?.Names.Holders ?? Incumbents.None;
            long begun = Stopwatch.GetTimestamp();
            PipelineResult result = WithHolmes.Generate(detections, _ => true, incumbents, OverrideState.Start.Next(OverrideSet.None), now, null, before);
            output.WriteLine($"{round}: {result.LeftOut.Length} left out in {Stopwatch.GetElapsedTime(begun).TotalMilliseconds:F0} ms");
            return (result, Store.Apply(ConfigMapPlanner.Plan(result.Desired, now), now)!);
        }
    }

    private static string Left(ImmutableArray<ServiceRecord> services, ConfigMapRecord? present, string? overrides = null) =>
        string.Join(' ', Settle(services, present, overrides).Result.LeftOut.Select(t => t.Name));

    /// <summary>One write, and after it there is nothing to write.</summary>
    private static (PipelineResult Result, ConfigMapRecord After) Settle(
        ImmutableArray<ServiceRecord> services, ConfigMapRecord? present, string? overrides, ToolsetPipeline? pipeline = null)
    {
        PipelineResult result = Generate(services, present, overrides, pipeline);
        ConfigMapRecord after = Store.Apply(ConfigMapPlanner.Plan(result.Desired, present, overrides), present)!;
        PipelineResult next = Generate(services, after, null, pipeline);
        Assert.Equal("nothing to write\n", PlanText.Of(ConfigMapPlanner.Plan(next.Desired, after)));
        Assert.Equal(result.LeftOut.Select(t => t.Name), next.LeftOut.Select(t => t.Name));
        return (result, after);
    }

    private static PipelineResult Generate(
        ImmutableArray<ServiceRecord> services, ConfigMapRecord? present, string? overrides, ToolsetPipeline? pipeline = null)
    {
        pipeline ??= Pipeline;
        OverrideSet wanted = present is null ? OverrideParser.Parse(overrides) : OverrideParser.ParseIn(present);
        return pipeline.Generate([.. pipeline.Detect(services).OfType<Detection.Matched>()], _ => true, PresentToolsets.ReadHolders(present), OverrideState.Start.Next(wanted), present, overrides);
    }

    private static IEnumerable<string> Customs(PipelineResult result) => result.Toolsets.Toolsets.Where(t => t.Type == "custom").Select(t => t.Name);

    private static string NamespaceOf(Toolset toolset) => ((ToolsetSource.Service)toolset.Source).Key.Namespace;

    private static ServiceRecord Custom(string ns, string name) => ServiceText.Parse($"{ns}/{name} http:8080 @toolset=true @type=custom");
}
