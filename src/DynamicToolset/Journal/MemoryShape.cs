using System.Collections.Immutable;
using DynamicToolset.Capabilities;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Overrides;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;

namespace DynamicToolset.Journal;

/// <summary>
/// What a round knew of those before, so that a file can be read without the one before it. What comes out of the same inputs anew is not in it, nor what is
/// only shown: since when a Service is known, and the last write.
/// </summary>
internal sealed class MemoryShape(Shown shown)
{
    private static readonly ImmutableSortedDictionary<string, string?> NoPairs = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    public RoundMemory Of(Pen pen, RoundMemory? value) => RoundMemory.Start with
    {
        StartedAt = pen.Elapsed("startedAt", value?.StartedAt),
        Forms = Table(pen.List("forms", value?.Forms.Select(f => new Known<EndpointForm>(f.Key, f.Value)).ToList(), FormOf)),
        Holders = new Incumbents(pen.Pairs("holders", value?.Holders.ByName.Select(h => KeyValuePair.Create(h.Key, (string?)$"{h.Value}")))
            .ToImmutableSortedDictionary(h => h.Key, h => Pen.ServiceIn(h.Value ?? "") ?? throw Pen.Wrong("holders"), StringComparer.Ordinal)),
        HoldersReadFrom = pen.Text("holdersReadFrom", value?.HoldersReadFrom),
        Lines = pen.Part("lines", value?.Lines, Lines) ?? CapabilityLines.None,
        Overrides = pen.Part("overrides", Shown(value?.Overrides), InputShapes.OverrideState) ?? OverrideState.Start,
        OverridesInPlace = pen.Part("overridesInPlace", Shown(value?.OverridesInPlace), InputShapes.OverrideState) ?? OverrideState.Start,
        OverridesSince = pen.Text("overridesSince", value?.OverridesSince),
        InPlace = pen.Part("inPlace", value?.InPlace, InPlace),
        Fence = pen.Text("fence", shown.Metadata.Fence(value?.Fence)),
        Yielded = pen.Part("yielded", value?.Yielded, Yielded),
        Fights = FightTracker.Of(pen.List("fights", value?.Fights.Past.Select(p => new Fought(p.Key, p.Value)).ToList(), Fight)
            .DistinctBy(f => f.Key)
            .Select(f => KeyValuePair.Create(f.Key, f.Past))),
        MissingSince = pen.Elapsed("missingSince", value?.MissingSince),
        GatheringSince = pen.Elapsed("gatheringSince", value?.GatheringSince),
        IsClusterBelieved = pen.Flag("clusterBelieved", value?.IsClusterBelieved == true),
        IsRemovalBelieved = pen.Flag("removalBelieved", value?.IsRemovalBelieved == true),
        AreFirstAnswersThere = pen.Flag("firstAnswers", value?.AreFirstAnswersThere == true),
        OwnerRefusal = pen.Part("ownerRefusal", value?.OwnerRefusal, Refusal),
    };

    /// <summary>The last good ones of the text; those of files are an input of each round.</summary>
    public OverrideState? Shown(OverrideState? overrides) => overrides is null ? null : overrides with
    {
        InForce = overrides.InForce is { } entries ? shown.Values.Of(entries) : null,
        Files = OverrideFiles.None,
    };

    private static Known<EndpointForm> FormOf(Pen pen, Known<EndpointForm>? value) =>
        new(pen.Endpoint("of", value?.Endpoint ?? default), pen.Form("is", value?.Value) ?? throw Pen.Wrong("is"));

    private static CapabilityLines Lines(Pen pen, CapabilityLines? value) => new(
        pen.NumberOrNull("cycle", value?.Cycle) ?? -1,
        Table(pen.List("told", value?.Told.Select(t => new Known<CapabilityLine>(t.Key, t.Value)).ToList(), Line)));

    private static Known<CapabilityLine> Line(Pen pen, Known<CapabilityLine>? value) =>
        new(pen.Endpoint("of", value?.Endpoint ?? default), InputShapes.Line(pen, "is", value?.Value) ?? CapabilityLine.Nothing);

    private DesiredConfigMap InPlace(Pen pen, DesiredConfigMap? value) => new(
        [.. Texts(pen, "data", value?.Data.Select(d => KeyValuePair.Create(d.Key, shown.Texts.Of(d.Key, d.Value))))],
        Texts(pen, "labels", value?.Labels),
        NoPairs.SetItems(pen.Pairs("annotations", value?.Annotations)),
        pen.Flag("keepsUnknown", value?.KeepsUnknown == true))
    {
        Owner = new DesiredOwner(
            pen.NeededText("deployment", value?.Owner.Deployment), pen.Part("owner", value?.Owner.State, InputShapes.Owner) ?? new OwnerState.Unknown()),
    };

    private YieldedFence Yielded(Pen pen, YieldedFence? value) =>
        new(pen.NeededText("term", shown.Metadata.Fence(value?.Term)), pen.NeededText("epoch", shown.Metadata.Fence(value?.Epoch)));

    private static Fought Fight(Pen pen, Fought? value) => new(
        pen.NeededText("key", value?.Key),
        new FightTracker.Corrections(
            [.. pen.Texts("recent", value?.Past.Recent.Select(r => $"{r.Ticks}").ToList()).Select(TimeIn)],
            pen.Elapsed("pause", value?.Past.Pause) ?? TimeSpan.Zero,
            pen.Elapsed("notBefore", value?.Past.NotBefore) ?? TimeSpan.Zero,
            pen.Elapsed("last", value?.Past.Last) ?? TimeSpan.Zero,
            pen.Flag("fight", value?.Past.IsFight == true))
        {
            Manager = pen.Text("manager", value?.Past.Manager),
        });

    private static OwnerRefusal Refusal(Pen pen, OwnerRefusal? value) => new(
        pen.Part("known", value?.Known, InputShapes.Owner) ?? throw Pen.Wrong("known"),
        OwnersRefusal(pen, value?.Why),
        pen.Elapsed("until", value?.Until) ?? TimeSpan.Zero);

    public static OwnersRefusal OwnersRefusal(Pen pen, OwnersRefusal? value) =>
        new(pen.NeededText("error", value?.Error), pen.Text("right", value?.MissingRight));

    private static TimeSpan TimeIn(string ticks) =>
        long.TryParse(ticks, out long read) && read is >= 0 and < long.MaxValue / 4 ? TimeSpan.FromTicks(read) : throw Pen.Wrong("recent");

    private static ImmutableSortedDictionary<string, string> Texts(Pen pen, string name, IEnumerable<KeyValuePair<string, string>>? value) =>
        pen.Pairs(name, value?.Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)))
            .ToImmutableSortedDictionary(p => p.Key, p => p.Value ?? "", StringComparer.Ordinal);

    private static ImmutableDictionary<EndpointKey, T> Table<T>(ImmutableArray<Known<T>> known) =>
        known.DistinctBy(k => k.Endpoint).ToImmutableDictionary(k => k.Endpoint, k => k.Value);

    private sealed record Known<T>(EndpointKey Endpoint, T Value);

    private sealed record Fought(string Key, FightTracker.Corrections Past);
}
