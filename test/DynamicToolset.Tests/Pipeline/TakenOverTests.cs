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

/// <summary>What a round takes over from the one before it: all where nothing changed, and nothing that would be different now.</summary>
public sealed class TakenOverTests
{
    private const string Bad = "a: [";
    private const string Foreign = "big.bin";

    private static readonly string[] Services = ["a/x http:80 @toolset=true @type=custom", "b/y http:80 @toolset=true @type=custom", "m/p app=prometheus web:9090", "q/shop app=mine http:80"];

    private static readonly Round Usual = new(Services, "note: a", "prometheus: {note: a}", null, Full(0), null, Profile());

    /// <summary>Where the present overrides, and those that are in force, are unknown.</summary>
    private static readonly Round Unknown = Usual with { Overrides = Bad };

    private static readonly Round Gone = Usual with { Present = null, LastSeen = "# a" };

    private static readonly Dictionary<string, (Round Before, Round Now)> Changes = new()
    {
        ["more room"] = (Usual, Usual with { Present = Full(-2_000) }),
        ["less room"] = (Usual, Usual with { Present = Full(20) }),
        ["less room beside a key under data"] = (Usual, Usual with { Present = Full(0).With("mine.txt", "less") }),
        ["a Service is gone"] = (Usual, Usual with { Services = Services[1..] }),
        ["a Service has another port"] = (Usual, Usual with { Services = [Services[0].Replace("80", "81", StringComparison.Ordinal), .. Services[1..]] }),
        ["a Service is checked on another path"] = (Usual, Usual with { Services = [Services[0] + " @health=/other", .. Services[1..]] }),
        ["a Service of another name has the toolset"] = (Usual, Usual with { Services = [Services[0].Replace("a/x", "a/w", StringComparison.Ordinal) + " @name=x", .. Services[1..]] }),
        ["a Service that is left out is another one"] = (Usual, Usual with { Services = [Services[0], Services[1].Replace("b/y", "b/z", StringComparison.Ordinal), .. Services[2..]] }),
        ["an override has another value"] = (Usual, Usual with { Overrides = "prometheus: {note: b}" }),
        ["an override names what was left out"] = (Usual, Usual with { Overrides = "prometheus: {note: a}\ny: {}" }),
        ["an override makes a toolset of its own"] = (Usual, Usual with { Overrides = "prometheus: {note: a}\nown: {url: u}" }),
        ["an override waits for its backend"] = (Usual, Usual with { Overrides = "prometheus: {note: a}\ngrafana: {timeout: 1}" }),
        ["an override is gone"] = (Usual, Usual with { Overrides = "" }),
        ["the overrides cannot be read any more"] = (Usual, Usual with { Overrides = Bad, LastGood = Usual.Overrides }),
        ["the overrides cannot be read for another reason"] = (Usual with { Overrides = Bad, LastGood = "" }, Usual with { Overrides = "- a", LastGood = "" }),
        ["the overrides can be read at last"] = (Unknown, Usual),
        ["a rule says something else"] = (Usual, Usual with { Rule = "note: b" }),
        ["the file is for other releases"] = (Usual, Usual with { Profile = Profile() with { Target = HolmesTarget.Current } }),
        ["the file has another base toolset"] = (Usual, Usual with { Profile = Profile("kubernetes/logs") }),
        ["no file is wanted any more"] = (Usual, Usual with { Profile = null }),
        ["a file is wanted"] = (Usual with { Profile = null }, Usual),
        ["the ConfigMap is gone"] = (Usual, Gone),
        ["the ConfigMap is there again"] = (Gone, Usual),
        ["more overrides come back"] = (Gone, Gone with { LastSeen = "#" + new string('a', ConfigMapPlanner.LargestSize - 1_800) }),
        ["unknown wishes, and a toolset that may carry them"] = (Unknown, Unknown with { Present = Full(0).With("x-toolset.yaml", "") }),
        ["unknown wishes, and what is there is larger"] = (Unknown, Unknown with { Present = Full(0).With("holmes-toolsets.yaml", new string('x', 1_000)) }),
        ["unknown wishes, and as large a key of another name"] =
            (Unknown with { Present = FullBesideAFile().With("x-toolset.yaml", "") }, Unknown with { Present = FullBesideAFile().With("y-toolset.yaml", "") }),
        ["unknown wishes, and the file that is kept is larger"] =
            (Unknown with { Present = FullBesideAFile().With("x-toolset.yaml", "") }, Unknown with { Present = FullBesideAFile().With("x-toolset.yaml", "").With("holmes-toolsets.yaml", new string('x', 1_000)) }),
    };

    public static TheoryData<string> Names => [.. Changes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void After_a_change_the_result_is_as_if_it_were_the_first_one(string change)
    {
        (Round before, Round now) = Changes[change];
        PipelineResult earlier = before.Generate(null);
        string first = Print(now.Generate(null));
        Assert.NotEqual(Print(earlier), first);
        Assert.Equal(first, Print(now.Generate(earlier)));
        // And the other way round.
        Assert.Equal(Print(earlier), Print(before.Generate(now.Generate(null))));
    }

    [Fact]
    public void Nothing_is_made_anew_where_nothing_that_counts_has_changed()
    {
        PipelineResult earlier = Usual.Generate(null);
        Assert.Equal("y", Assert.Single(earlier.LeftOut).Name);
        ConfigMapRecord drifted = Full(0).With("x-toolset.yaml", "x").WithBinary("y-toolset.yaml", 9) with { ResourceVersion = "99", Labels = ConfigMaps.Map(("team", "a")) };
        // Everything is read anew, and a label that decides nothing is another one.
        Round again = Usual with { Present = drifted, Profile = Profile(), Services = [Services[0] + " color=blue", .. Services[1..]] };
        PipelineResult later = again.Generate(earlier);
        Assert.Same(earlier.Holmes, later.Holmes);
        Assert.Same(earlier.Desired, later.Desired);
        Assert.Contains(later.Endpoints, e => e.Detection.Service.Labels.ContainsKey("color"));
    }

    [Fact]
    public void The_file_for_HolmesGPT_is_not_checked_anew_where_only_the_room_has_changed()
    {
        PipelineResult earlier = Usual.Generate(null), later = (Usual with { Present = Full(1) }).Generate(earlier);
        Assert.Same(earlier.Holmes, later.Holmes);
        Assert.NotSame(earlier.Desired, later.Desired);
    }

    private static HolmesProfile Profile(string toolset = "kubernetes/core") => new(HolmesTarget.Compat, [toolset]);

    /// <summary>With room for all but b/y, and not much more.</summary>
    /// <param name="less">In bytes, than that.</param>
    private static ConfigMapRecord Full(int less) => WithRoomFor(new([Services[0], .. Services[2..]], "note: a", "prometheus: {note: a}", null, ConfigMaps.Empty, null, Profile()), less);

    /// <summary>With room for what may not be left out and for one empty key, where the file for HolmesGPT takes none.</summary>
    private static ConfigMapRecord FullBesideAFile() => WithRoomFor(new(Services[2..], "note: a", "", null, ConfigMaps.Empty, null, null), -"x-toolset.yaml".Length);

    private static ConfigMapRecord WithRoomFor(Round round, int less) =>
        ConfigMaps.Empty.WithBinary(Foreign, ConfigMapPlanner.LargestSize - Foreign.Length - 10 - ConfigMapSize.Of(round.Generate(null).Desired.Data) + less);

    private static string Print(PipelineResult result) => string.Join('\n', (string[])
    [
        .. result.Endpoints.Select(e => $"{e.Name} {e.Detection.Service.Key} {e.Detection.Endpoint} {e.Detection.Health.Path}"),
        .. result.Toolsets.Toolsets.Select(t => $"{t.Type} {ToolsetYaml.Emit(t)}"),
        .. result.Toolsets.Dormant.Select(d => $"dormant {d}"),
        .. result.LeftOut.Select(t => $"left out {t.Type} {ToolsetYaml.Emit(t)}"),
        $"file {result.Holmes?.Profile} {result.Holmes?.Text}",
        .. (result.Holmes?.LeftOut ?? []).Select(o => $"not in the file {o}"),
        .. result.Desired.Data.Select(d => $"{d.Key}: {d.Value}"),
        .. result.Desired.Annotations.Select(a => $"annotation {a.Key}: {a.Value}"),
        .. result.Desired.KeptKeys.Select(k => $"kept {k}"),
        $"keeps unknown {result.Desired.KeepsUnknown}",
    ]);

    /// <param name="Rule">What the rule for <c>app=mine</c> writes beside the URL.</param>
    /// <param name="LastGood">The overrides that were in force before; null where none were.</param>
    /// <param name="LastSeen">The overrides that come back with the ConfigMap.</param>
    private sealed record Round(
        string[] Services, string Rule, string Overrides, string? LastGood, ConfigMapRecord? Present, string? LastSeen, HolmesProfile? Profile)
    {
        public PipelineResult Generate(PipelineResult? before)
        {
            string rule = RuleText.WithSpec($"toolset: {{config: {{url: \"{{endpoint.url}}\", {Rule}}}}}", "mine").Replace("app: x", "app: mine", StringComparison.Ordinal);
            var pipeline = new ToolsetPipeline(BuiltInRules.With([new RuleFile("mine.yaml", rule)]).RuleSet!, [], [], "") { Holmes = Profile };
            OverrideState state = LastGood is null ? OverrideState.Start : OverrideState.Start.Next(OverrideParser.Parse(LastGood));
            return pipeline.Generate(
                [.. pipeline.Detect(ServiceText.ParseAll(Services)).OfType<Detection.Matched>()], _ => true, Incumbents.None, state.Next(OverrideParser.Parse(Overrides)), Present, LastSeen, before);
        }
    }
}
