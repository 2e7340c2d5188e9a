using System.Collections.Immutable;
using System.Text.Json;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;

namespace DynamicToolset.Journal;

/// <summary>
/// Decides again what a journal has, line by line. What was carried out then is carried out here too, in memory: so each round starts from what the one
/// before left.
/// </summary>
/// <param name="isSameProgram">False where another version recorded it: then other words are no difference.</param>
public sealed class Replay(RoundOptions options, bool isSameProgram = true)
{
    private readonly Round _round = new(options);
    private RecordedInputs? _inputs;
    private RoundMemory _memory = RoundMemory.Start;
    private RoundSummary _recorded = RoundSummary.None;
    private ReplayedRound? _before;
    private long _missed;

    /// <summary>Null where the line belongs to the round behind it.</summary>
    /// <exception cref="FormatException">It is not what a journal has; the message is for people.</exception>
    public ReplayedRound? Next(JsonElement line)
    {
        var pen = new Pen(line);
        if (pen.Find("start") is { } start)
        {
            (_memory, _missed) = (new MemoryShape(new Shown()).Of(new Pen(start), null), pen.Number("missed", 0));
            (_inputs, _recorded, _before) = (new RecordedInputs(), RoundSummary.None, null);
            return null;
        }

        RecordedInputs inputs = _inputs ?? throw new FormatException("no line with \"start\" is in front of it");
        if (pen.Find("round") is null)
        {
            inputs.ReadServices(pen);
            return null;
        }

        return _before = Decide(pen, inputs);
    }

    private ReplayedRound Decide(Pen pen, RecordedInputs recorded)
    {
        var decided = new Moment(pen.Elapsed("elapsed", null) ?? TimeSpan.Zero, pen.Moment("at", null) ?? throw Pen.Wrong("at"));
        RoundInputs inputs = recorded.Read(pen);
        bool isStart = _before is null;
        if (isStart)
            _memory = _memory with { OverridesReadFrom = OverridesInForce.SourceIn(inputs.ConfigMap.LastSeen) };
        _recorded = pen.Part("decision", null, RoundSummary.After(_recorded)) ?? throw Pen.Wrong("decision");
        Decision decision = _round.Decide(inputs, _memory, decided);
        ImmutableArray<string> seen = pen.Texts("asWanted", null), placed = pen.Texts("placedAsWanted", null);
        if (!seen.IsEmpty || !placed.IsEmpty)
        {
            // What it comes to does not depend on these texts, but the plan does.
            inputs = recorded.With(seen, decision.Desired);
            _memory = _memory with { InPlace = With(_memory.InPlace, placed, decision.Desired) };
            decision = _round.Decide(inputs, _memory, decided);
        }

        recorded.Wanted = decision.Desired.Data;
        WriteOutcome outcome = OutcomeOf(pen, recorded, decision, inputs.ConfigMap.LastSeen is not null);
        Moment concluded = decided with { Elapsed = pen.Elapsed("concluded", null) ?? decided.Elapsed };
        (_memory, ControllerState state) = _round.Conclude(inputs, decision, outcome, concluded);
        var rebuilt = RoundSummary.Of(decision);
        return new ReplayedRound(pen.Number("round", 0), decided, inputs, _recorded, rebuilt, decision, state, _before, isStart ? _missed : 0)
        {
            Differences = _recorded.DifferencesTo(rebuilt, isSameProgram),
        };
    }

    private static DesiredConfigMap? With(DesiredConfigMap? placed, ImmutableArray<string> keys, DesiredConfigMap wanted)
    {
        Dictionary<string, string> texts = wanted.Data.Where(d => keys.Contains(d.Key)).ToDictionary(StringComparer.Ordinal);
        return placed is null ? null : placed with { Data = [.. placed.Data.Select(d => KeyValuePair.Create(d.Key, texts.GetValueOrDefault(d.Key, d.Value)))] };
    }

    private static WriteOutcome OutcomeOf(Pen pen, RecordedInputs recorded, Decision decision, bool wasThere)
    {
        OwnersRefusal? refused = pen.Part<OwnersRefusal>("ownersRefused", null, MemoryShape.OwnersRefusal);
        ConfigMapRecord? written = recorded.ReadConfigMap(pen, "written");
        switch (pen.Text("outcome", null))
        {
            case nameof(WriteOutcome.OnlyOwnersRefused) when refused is not null:
                return new WriteOutcome.OnlyOwnersRefused(refused);
            case nameof(WriteOutcome.Disowned):
                return new WriteOutcome.Disowned();
            case nameof(WriteOutcome.Fenced):
                return new WriteOutcome.Fenced(written ?? throw Pen.Wrong("written"));
            // What was written then is another step where this program decides otherwise: the recorded one counts, as far as it has anything to say.
            case nameof(WriteOutcome.Written) when decision.Step is ConfigMapPlan.Create or ConfigMapPlan.Patch:
                ConfigMapPlan step = refused is null ? decision.Step : DriftFilter.Without(decision.Step, key => key == OwnerReference.DriftKey);
                ConfigMapWrite write = ConfigMapWrite.Of(decision.Step, decision.Drift, wasThere, decision.State.AsOf, TimeSpan.Zero);
                return new WriteOutcome.Written(step, written ?? throw Pen.Wrong("written"), write, refused);
            default:
                return new WriteOutcome.NotWritten();
        }
    }
}

/// <summary>A round that was decided again.</summary>
/// <param name="Number">See <see cref="JournalRound.Number"/>.</param>
/// <param name="Recorded">What was decided then.</param>
/// <param name="Rebuilt">What this program decides.</param>
/// <param name="State">After what was done then.</param>
/// <param name="Before">The round before in the same file; null for the first, and behind a gap.</param>
/// <param name="Missed">How many rounds before it are in no file.</param>
public sealed record ReplayedRound(
    long Number,
    Moment Decided,
    RoundInputs Inputs,
    RoundSummary Recorded,
    RoundSummary Rebuilt,
    Decision Decision,
    ControllerState State,
    ReplayedRound? Before,
    long Missed)
{
    /// <inheritdoc cref="RoundSummary.DifferencesTo"/>
    public required ImmutableArray<string> Differences { get; init; }
}
