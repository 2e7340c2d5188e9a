using System.Collections.Immutable;
using DynamicToolset.Backends;
using DynamicToolset.Capabilities;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.LeaderElection;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;

namespace DynamicToolset.Rounds;

/// <summary>
/// The one decision of the program, from what is seen to the next write: <see cref="Decide"/> says what to do, and <see cref="Conclude"/> what is
/// known when it was done. Level-triggered: each looks at everything as it is, never at what has changed.
/// </summary>
public sealed record Round(RoundOptions Options)
{
    /// <summary>The part of <see cref="Decide"/> that finds out what each Service is; to do it first changes nothing but lets it be timed.</summary>
    public DetectedServices Detect(RoundInputs inputs, RoundMemory memory)
    {
        ToolsetPipeline pipeline = PipelineOf(inputs);
        ImmutableDictionary<EndpointKey, BackendIdentity> identities = inputs.Identities.Identities;
        ImmutableDictionary<EndpointKey, EndpointForm> forms = KnownForms.In(inputs, memory, ByOthers(inputs, memory));
        DetectedServices detected = memory.Detected.Next(
            pipeline.Detector, pipeline.IsConsidered, inputs.Services, inputs.DiscoveryCycle, identities, forms);
        if (memory.StartedAt is not null || !Options.AreChecksEnabled)
            return detected;
        // What an earlier run was answered stands in the ConfigMap as long as nobody was asked again.
        var present = PresentToolsets.Read(inputs.ConfigMap.LastSeen);
        ImmutableArray<KeyValuePair<EndpointKey, BackendIdentity>> answered = [.. present.AnswersOf(detected.Matched, inputs.Rules.InForce)];
        return answered.IsEmpty ? detected : memory.Detected.Next(
            pipeline.Detector, pipeline.IsConsidered, inputs.Services, inputs.DiscoveryCycle, identities.SetItems(answered), forms);
    }

    private static PresentToolsets? ByOthers(RoundInputs inputs, RoundMemory memory)
    {
        string? fence = Fencing.LastOf(inputs.Leadership, inputs.ConfigMap.Newest, memory.Fence);
        bool mayOthersWrite = memory.StartedAt is null || !Fencing.IsAlone(inputs.Leadership, fence);
        return mayOthersWrite ? ReadAnew(memory.ByOthers, inputs.ConfigMap.LastSeen) : null;
    }

    public Decision Decide(RoundInputs inputs, RoundMemory memory, Moment now)
    {
        ConfigMapRecord? present = inputs.ConfigMap.Newest;
        RoundMemory next = Remember(inputs, memory, now);
        ImmutableArray<Detection.Matched> matched = next.Detected.Matched;

        next = next with { Lines = next.Lines.Next(inputs.DiscoveryCycle, LinesNow(matched, inputs, next.ByOthers)) };
        OverrideState overrides = next.Overrides with { Files = inputs.OverrideFiles };
        PipelineResult result = PipelineOf(inputs).Generate(
            matched,
            d => IsHealthy(d, inputs.Health, next.ByOthers) && IsIntroduced(d, inputs, next.ByOthers),
            next.Holders,
            overrides,
            present,
            OverridesInForce.TextIn(inputs.ConfigMap.LastSeen),
            memory.Result,
            d => next.Lines.Told.GetValueOrDefault(d.EndpointKey));
        DesiredOwner owner = new(Options.OwnerDeployment, OwnerIn(inputs, next, now));
        string madeWith = MadeWith.Of(PipelineOf(inputs), inputs.OverrideFiles).ToString();
        result = result with { Desired = result.Desired with { Owner = owner, MadeWith = madeWith } };
        ConfigMapPlan plan = ConfigMapPlanner.Plan(result.Desired, present, OverridesInForce.TextIn(inputs.ConfigMap.LastSeen));
        ImmutableArray<Drift> drift = plan is ConfigMapPlan.Patch patch ? DriftFilter.ByOthers(patch.Drift, next.InPlace, result.Desired) : [];
        bool isAnswerDue = matched.Any(d => IsHealthy(d, inputs.Health, next.ByOthers) && !IsIntroduced(d, inputs, next.ByOthers));
        bool isLineDue = matched.Any(d => IsHealthy(d, inputs.Health, next.ByOthers) && HasLine(d) && !inputs.Identities.IsVisited(d.EndpointKey));
        bool areChecksDone = inputs.AreFirstChecksDone || matched.IsEmpty || !Options.AreChecksEnabled;
        next = next with { AreFirstAnswersThere = next.AreFirstAnswersThere || (areChecksDone && !isAnswerDue && !isLineDue) };
        bool areFirstChecksDone = areChecksDone && next.AreFirstAnswersThere;
        bool isHeldRemoval = Options.HoldsMassRemoval && !next.IsRemovalBelieved
            && MassRemoval.IsOne(plan, present, name => !next.IsClusterBelieved || next.Holders.ByName.ContainsKey(name));
        var holdBack = new HoldBack(Options, inputs, next, now) { IsAnswerDue = isAnswerDue || isLineDue };
        Hold hold = isHeldRemoval ? new Hold(new ConfigMapPlan.None(), null) : holdBack.From(plan, drift, areFirstChecksDone);
        next = next with
        {
            Result = result,
            GatheringSince = hold.IsGathering ? next.GatheringSince ?? now.Elapsed : null,
            IsClusterBelieved = next.IsClusterBelieved || (areFirstChecksDone && !isHeldRemoval),
            IsRemovalBelieved = next.IsRemovalBelieved || (areFirstChecksDone && !isHeldRemoval && (inputs.Health.IsSettled || !Options.AreChecksEnabled)),
            InPlace = plan is ConfigMapPlan.None || hold.IsFight ? result.Desired : next.InPlace,
            OverridesInPlace = OverridesInForce.AreInPlace(plan, inputs.Leadership, present, next) ? next.Overrides : next.OverridesInPlace,
        };
        ConfigMapPlan step = Fencing.StepOf(hold.Step, inputs.Leadership, present, next.Fence, next.Yielded);
        ControllerState state = new(
            now.Wall,
            inputs.Rules,
            next.Detected,
            inputs.Health,
            overrides,
            result,
            present,
            inputs.ConfigMap.LastSeen is not null,
            next.LastWrite,
            plan as ConfigMapPlan.Refuse,
            owner.State,
            owner.Choose(present?.Owners ?? []).Warning,
            next.Fights.At(now.Elapsed),
            IsConverged: plan is ConfigMapPlan.None && areFirstChecksDone && !isAnswerDue && !isLineDue,
            inputs.Leadership)
        {
            Identities = inputs.Identities,
            Lines = next.Lines,
            Forms = next.Forms,
            IsAnswerDue = isAnswerDue,
            Sightings = next.Sightings,
            Step = step,
            HeldRemoval = isHeldRemoval && areFirstChecksDone ? plan : null,
        };
        ImmutableArray<ProbeTarget> targets = TargetsOf(matched, inputs.Health, next.ByOthers);
        return new Decision(plan, step, drift, result.Desired, targets, AskedOf(inputs, next), hold.Until, state, next);
    }

    /// <summary>What is known after the step of a decision was carried out.</summary>
    public (RoundMemory Memory, ControllerState State) Conclude(RoundInputs inputs, Decision decision, WriteOutcome outcome, Moment now)
    {
        RoundMemory memory = decision.Memory;
        OwnersRefusal? refused = outcome is WriteOutcome.OnlyOwnersRefused only ? only.Refusal : (outcome as WriteOutcome.Written)?.OwnersRefused;
        if (refused is not null)
            memory = memory with { OwnerRefusal = new OwnerRefusal(inputs.Owner, refused, now.Elapsed + Options.OwnerRetry) };
        if (outcome is WriteOutcome.Fenced { Present: var fenced })
            return (SeenAfterWrite(memory, fenced) with { Fence = (inputs.Leadership as Leadership.Leader)?.Fence }, decision.State with { Observed = fenced });
        if (outcome is not WriteOutcome.Written { Present: var present } written)
            return (memory, decision.State);
        memory = SeenAfterWrite(memory, present) with
        {
            InPlace = decision.Desired,
            OverridesInPlace = memory.Overrides,
            LastWrite = written.Write,
            Fights = memory.Fights.Corrected(CorrectionsIn(written, decision), now.Elapsed),
            MissingSince = null,
            GatheringSince = null,
        };
        return (memory, decision.State with
        {
            Observed = present,
            WasThere = true,
            LastWrite = written.Write,
            Fights = memory.Fights.At(now.Elapsed),
        });
    }

    private static RoundMemory SeenAfterWrite(RoundMemory memory, ConfigMapRecord present) => memory with
    {
        Holders = PresentToolsets.NextHolders(memory.Holders, present),
        HoldersReadFrom = present.ResourceVersion,
    };

    private RoundMemory Remember(RoundInputs inputs, RoundMemory memory, Moment now)
    {
        ConfigMapRecord? present = inputs.ConfigMap.Newest, lastSeen = inputs.ConfigMap.LastSeen;
        bool isFirstRound = memory.StartedAt is null;
        bool isNewlyMissing = present is null && memory.MissingSince is null;
        DetectedServices detected = Detect(inputs, memory);
        (string?, bool) overrides = OverridesInForce.SourceIn(lastSeen);
        bool isNewText = isFirstRound || overrides != memory.OverridesReadFrom;
        bool areInPlace = isNewText && OverridesInForce.IsInPlace(memory.Result, present);
        OverrideState inPlace = areInPlace ? memory.Overrides : memory.OverridesInPlace;
        Incumbents holders = memory.Holders;
        if (isFirstRound)
            holders = PresentToolsets.ReadHolders(present);
        else if (present is not null && present.ResourceVersion != memory.HoldersReadFrom)
            holders = PresentToolsets.NextHolders(holders, present);
        string? fence = Fencing.LastOf(inputs.Leadership, present, memory.Fence);
        PresentToolsets? byOthers = ByOthers(inputs, memory);
        return memory with
        {
            StartedAt = memory.StartedAt ?? now.Elapsed,
            Detected = detected,
            Sightings = memory.Sightings.Next(detected, now.Wall),
            Holders = OfThoseThere(holders, detected),
            HoldersReadFrom = present?.ResourceVersion ?? memory.HoldersReadFrom,
            // While the ConfigMap is not there the overrides are what they were when it was.
            Overrides = isNewText ? OverridesInForce.Next(inputs, inPlace, isSure: areInPlace || isFirstRound || inputs.Leadership.Leads) : memory.Overrides,
            OverridesInPlace = inPlace,
            OverridesReadFrom = overrides,
            OverridesSince = isFirstRound || !isNewText ? memory.OverridesSince : present?.ResourceVersion,
            Fence = fence,
            Yielded = Fencing.Next(memory.Yielded, inputs.Leadership, present, fence),
            ByOthers = byOthers,
            Forms = KnownForms.OfThoseThere(KnownForms.In(inputs, memory, byOthers), detected),
            MissingSince = present is null ? memory.MissingSince ?? now.Elapsed : null,
            // Owners that may not be changed may be given to a new one.
            OwnerRefusal = isNewlyMissing ? null : memory.OwnerRefusal,
        };
    }

    /// <summary>A name is held for as long as its Service is there and detected.</summary>
    private static Incumbents OfThoseThere(Incumbents holders, DetectedServices detected)
    {
        HashSet<ObjectKey> there = [.. detected.Matched.Select(d => d.Service.Key)];
        return new Incumbents(holders.ByName.RemoveRange(holders.ByName.Where(h => !there.Contains(h.Value)).Select(h => h.Key)));
    }

    private static PresentToolsets ReadAnew(PresentToolsets? known, ConfigMapRecord? lastSeen) =>
        known is not null && known.Version == lastSeen?.ResourceVersion ? known : PresentToolsets.Read(lastSeen);

    /// <summary>
    /// What others put in place was healthy when it got there: it must not be gone before the checks have been judged with that in mind.
    /// </summary>
    private bool IsHealthy(Detection.Matched detection, JudgedHealth health, PresentToolsets? byOthers)
    {
        if (byOthers?.Knows(detection) == true && !health.IsPlaced(detection.EndpointKey))
            return true;
        return health.Knows(detection.EndpointKey) ? health.IsHealthy(detection.EndpointKey) : !Options.AreChecksEnabled;
    }

    /// <summary>
    /// Nobody is led to a backend that did not get to say what it is; whether it says it is another matter. What others have put in place was asked by
    /// them, and what is nobody's to ask needs no asking.
    /// </summary>
    private static bool IsIntroduced(Detection.Matched detection, RoundInputs inputs, PresentToolsets? byOthers) =>
        detection.Fingerprint is null || inputs.Identities.IsAsked(detection.EndpointKey) || byOthers?.Knows(detection) == true;

    /// <summary>
    /// What passes its checks, and what is left out, checked otherwise or another name of something for what it answered, lest that be so for good.
    /// </summary>
    private ImmutableArray<IdentityTarget> AskedOf(RoundInputs inputs, RoundMemory next)
    {
        return !Options.AreChecksEnabled
            ? []
            :
            [
                .. next.Detected.All.Select(d => d switch
                {
                    Detection.Matched match => Target(
                        match, match.AnswersAs is not null || IsHealthy(match, inputs.Health, next.ByOthers), next.ByOthers?.Knows(match) == true),
                    Detection.Contradicted { Match: var match } => Target(match, isWanted: true, isInPlace: false),
                    Detection.Twin { Match: { AnswersAs: not null } match } => Target(match, isWanted: true, isInPlace: false),
                    _ => null,
                }).OfType<IdentityTarget>().Where(t => t.HasRequests),
            ];

        IdentityTarget Target(Detection.Matched match, bool isWanted, bool isInPlace) =>
            IdentityTarget.Of(match, inputs.Rules.InForce, AreLinesWanted) with { IsWanted = isWanted, IsInPlace = isInPlace };
    }

    private IEnumerable<KeyValuePair<EndpointKey, CapabilityLine?>> LinesNow(
        ImmutableArray<Detection.Matched> matched, RoundInputs inputs, PresentToolsets? byOthers) => matched
        .Where(HasLine)
        .Select(d => KeyValuePair.Create(d.EndpointKey, inputs.Identities.SaysOf(d.EndpointKey) ?? byOthers?.SaysOf(d)));

    private bool AreLinesWanted => Options is { AreChecksEnabled: true, Pipeline.Holmes.TellsCapabilities: true };

    private bool HasLine(Detection.Matched match) => AreLinesWanted && !BackendKinds.Of(match.Type).Capabilities.IsEmpty;

    private static ImmutableArray<ProbeTarget> TargetsOf(ImmutableArray<Detection.Matched> matched, JudgedHealth health, PresentToolsets? byOthers) =>
    [
        .. matched.Select(d => d.ToProbe(byOthers?.Knows(d)) with
        {
            Told = byOthers?.FormOf(d.EndpointKey) ?? (d.IsAsProbed && !health.Knows(d.EndpointKey) ? d.Endpoint.Form : null),
        }),
    ];

    private static OwnerState OwnerIn(RoundInputs inputs, RoundMemory memory, Moment now) =>
        memory.OwnerRefusal is { } refusal && refusal.Known == inputs.Owner && now.Elapsed < refusal.Until
            ? new OwnerState.Refused(refusal.Why.Error, refusal.Why.MissingRight)
            : inputs.Owner;

    private ToolsetPipeline PipelineOf(RoundInputs inputs) => Options.Pipeline with { Rules = inputs.Rules.InForce };

    private static IEnumerable<Drift> CorrectionsIn(WriteOutcome.Written written, Decision decision) => written.Step switch
    {
        ConfigMapPlan.Create => written.Write.IsRecreation ? [new Drift(DriftKind.Missing, Fight.WholeObject, null)] : [],
        ConfigMapPlan.Patch patch => patch.Drift.Where(p => decision.Drift.Any(d => d.Key == p.Key)),
        _ => [],
    };
}
