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
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Tests.Properties;

/// <summary>
/// Services of several namespaces that want the same few names. Some were there first and hold them; then the others come, and somebody's
/// binary data leave too little room for all.
/// </summary>
/// <param name="First">The namespace whose Services were there in the first round.</param>
/// <param name="Overrides">Names with a text of that many characters each: these toolsets are never left out.</param>
/// <param name="Missing">In bytes, to hold all toolsets.</param>
internal sealed record CrowdedNames(
    ImmutableArray<ServiceRecord> Services,
    string First,
    ImmutableSortedDictionary<string, int> Overrides,
    int Missing,
    ImmutableArray<string> Preferred,
    bool WritesHolmes)
{
    private const string Foreign = "big.bin";
    private static readonly HolmesProfile Profile = new(HolmesTarget.Compat, []);
    private static readonly Gen<string> Namespaces = Gen.OneOf("a", "b", "a-b", "z");
    private static readonly Gen<string> Names = Gen.OneOf("s0", "s1", "s2", "s3", "s4", "s5", "s6", "c", "b-c");

    public static Gen<CrowdedNames> All { get; } = Gen.Frequency((9, Any()), (1, Chains()));

    private ToolsetPipeline Pipeline => new(BuiltInRules.All, [], Preferred, "") { Holmes = WritesHolmes ? Profile : null };

    private string Text => string.Concat(Overrides.Select(o => $"{o.Key}: {{note: \"{new string('x', o.Value)}\"}}\n"));

    /// <summary>What a program that has run since the first round knows of the names.</summary>
    public (Incumbents Incumbents, ConfigMapRecord Present) AfterTheFirstRound()
    {
        ConfigMapRecord empty = ConfigMaps.Empty.With(ToolsetKey.Overrides, Text);
        PipelineResult first = (this with { Services = [.. Services.Where(s => s.Key.Namespace == First)] }).Generate(Incumbents.None, empty);
        ConfigMapRecord present = Store.Apply(ConfigMapPlanner.Plan(first.Desired, empty.Present()), empty)!;
        var incumbents = Incumbents.Of(first.Endpoints);
        int all = ConfigMapSize.After(present, Generate(incumbents, present).Desired) + Foreign.Length;
        return (incumbents, present.WithBinary(Foreign, ConfigMapPlanner.LargestSize - all + Missing));
    }

    public PipelineResult Generate(Incumbents incumbents, ConfigMapRecord present, PipelineResult? before = null) =>
        Pipeline.Generate(Pipeline.Detect(Services), _ => true, incumbents, State(present), present, null, before);

    /// <summary>Who would have each name after each turn, when names go from holder to holder until none does any more.</summary>
    public ImmutableArray<ImmutableArray<NamedEndpoint>> Turns(Incumbents incumbents, ConfigMapRecord present)
    {
        ImmutableArray<Detection.Matched> matched = [.. Pipeline.Detect(Services).OfType<Detection.Matched>()];
        var resolver = new NameResolver(BuiltInRules.All, Preferred);
        var turns = ImmutableArray.CreateBuilder<ImmutableArray<NamedEndpoint>>();
        ImmutableArray<NamedEndpoint> next = resolver.Resolve(matched, incumbents);
        while (turns.Count == 0 || !next.SequenceEqual(turns[^1]))
        {
            turns.Add(next);
            HashSet<string> gone = [.. Pack(next, present).LeftOut.Select(t => t.Name)];
            next = resolver.Resolve(matched, Incumbents.Of([.. next.Where(e => !gone.Contains(e.Name))]));
        }

        return turns.ToImmutable();
    }

    private PackedToolsets Pack(ImmutableArray<NamedEndpoint> endpoints, ConfigMapRecord present)
    {
        ImmutableSortedDictionary<string, ToolsetValue.Map> wishes = State(present).InForce!;
        var room = ConfigMapRoom.In(present, null, DesiredConfigMap.Of([], null, keepsUnknown: false));
        return ToolsetPacker.Pack(
            new ToolsetGenerator(BuiltInRules.All).Generate(endpoints, wishes).Toolsets,
            t => t is { Type: "custom", Source: ToolsetSource.Service } && !wishes.ContainsKey(t.Name),
            some => room.IsEnoughFor(DesiredConfigMap
                .Of([.. some.Select(t => KeyValuePair.Create(t.DataKey, ToolsetYaml.Emit(t)))], null, keepsUnknown: false)
                .With(WritesHolmes ? new HolmesGenerator(Profile).Generate(some) : null)));
    }

    private static OverrideState State(ConfigMapRecord present) => OverrideState.Start.Next(OverrideParser.ParseIn(present));

    private static Gen<CrowdedNames> Any() => Gen.Select(
        Gen.Frequency((2, AnyServices()), (1, Gen.Int[2, 8].Select(TheSameTwice))),
        // Most often those of z, who have to give way once they are left out.
        Gen.Frequency((3, Gen.Const("z")), (1, Namespaces), (1, Gen.Const(""))),
        Gen.Frequency((1, Gen.Const(ImmutableSortedDictionary<string, int>.Empty)), (1, AnyOverrides())),
        Gen.Frequency((1, Gen.Int[-100, 200]), (1, Gen.Int[1, 2_000])),
        Gen.OneOf("", "", "", "b"),
        Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true))),
        (services, first, overrides, missing, preferred, holmes) =>
            new CrowdedNames(services, first, overrides, missing, [.. preferred.Split(' ', StringSplitOptions.RemoveEmptyEntries)], holmes));

    /// <summary>Each Service of a that gets its name back loses its override and takes room of its own: the next one of z has to go.</summary>
    private static Gen<CrowdedNames> Chains() => Gen.Select(Gen.Int[5, 9], Gen.Int[0, 400], Gen.Int[1, 200], (count, length, missing) => new CrowdedNames(
        TheSameTwice(count),
        "z",
        Enumerable.Range(0, count).ToImmutableSortedDictionary(i => $"custom-a-s{i}", _ => length, StringComparer.Ordinal),
        missing,
        [],
        WritesHolmes: false));

    private static Gen<ImmutableArray<ServiceRecord>> AnyServices() => Gen.Select(
        Namespaces,
        Names,
        Gen.Frequency((12, Gen.Const("http:80 @type=custom")), (1, Names.Select(n => $"http:80 @type=custom @name={n}")), (1, Gen.Const("http:80 @type=custom @name=custom-a-s0")), (1, Names.Select(n => $"app=prometheus web:9090 @type=prometheus @name={n}"))),
        (ns, name, rest) => ServiceText.Parse($"{ns}/{name} {rest} @toolset=true")).Array[1, 24].Select(services => services.DistinctBy(s => s.Key).ToImmutableArray());

    private static ImmutableArray<ServiceRecord> TheSameTwice(int count) =>
        [.. from ns in (string[])["a", "z"] from i in Enumerable.Range(0, count) select ServiceText.Parse($"{ns}/s{i} http:80 @type=custom @toolset=true")];

    private static Gen<ImmutableSortedDictionary<string, int>> AnyOverrides() => Gen.Select(
        Gen.Frequency((2, Names), (1, Gen.Select(Namespaces, Names, (ns, name) => $"custom-{ns}-{name}"))), Gen.Int[0, 300], (name, length) => KeyValuePair.Create(name, length))
        .Array[1, 6].Select(entries => entries.DistinctBy(e => e.Key).ToImmutableSortedDictionary(StringComparer.Ordinal));
}
