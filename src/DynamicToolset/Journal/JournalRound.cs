using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;

namespace DynamicToolset.Journal;

/// <summary>All that a round was decided by, and what came of it.</summary>
/// <param name="Number">Counts the rounds of this program, from 1.</param>
/// <param name="Memory">Of the rounds before.</param>
/// <param name="Concluded">When the step was carried out.</param>
public sealed record JournalRound(
    long Number, RoundInputs Inputs, RoundMemory Memory, Moment Decided, Decision Decision, WriteOutcome Outcome, Moment Concluded);
