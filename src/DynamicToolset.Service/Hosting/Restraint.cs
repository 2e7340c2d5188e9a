using DynamicToolset.Rounds;

namespace DynamicToolset.Service.Hosting;

/// <summary>What a run leaves undone.</summary>
/// <param name="Rehearse">Is shown every decision, and nothing at all is written, neither Events nor to HolmesGPT; null where writes are made.</param>
/// <param name="HoldsMassRemoval">See <see cref="RoundOptions.HoldsMassRemoval"/>.</param>
public sealed record Restraint(Action<Decision>? Rehearse, bool HoldsMassRemoval)
{
    public static Restraint None { get; } = new(null, HoldsMassRemoval: false);
}
