using System.Collections.Immutable;

namespace DynamicToolset.Reconciliation;

/// <summary>
/// Notices when somebody else keeps undoing our corrections: the third of a key within a minute makes it a fight, which is told. Two programs
/// with different opinions would write as fast as the API server answers; so from the thirtieth correction within ten minutes on, the next one
/// waits 5 s, then 10, 20 and so on up to 5 minutes. Ten quiet minutes end the fight.
/// Every <c>now</c> is the time since some instant by a monotonic clock: one that is set back must not lengthen a pause.
/// </summary>
public sealed record FightTracker
{
    private const int CorrectionsBeforeFight = 3;
    private const int CorrectionsBeforePause = 30;
    private static readonly TimeSpan FightWindow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseWindow = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);

    private readonly ImmutableDictionary<string, Corrections> _byKey;

    private FightTracker(ImmutableDictionary<string, Corrections> byKey) => _byKey = byKey;

    public static FightTracker Peace { get; } = new(ImmutableDictionary.Create<string, Corrections>(StringComparer.Ordinal));

    internal IEnumerable<KeyValuePair<string, Corrections>> Past => _byKey;

    internal static FightTracker Of(IEnumerable<KeyValuePair<string, Corrections>> past) => new(Peace._byKey.SetItems(past));

    /// <summary>When the key may be corrected again; null where that is now.</summary>
    public TimeSpan? PausedUntil(string key, TimeSpan now) =>
        _byKey.TryGetValue(key, out Corrections? past) && past.NotBefore > now ? past.NotBefore : null;

    /// <summary>What is being fought over, in the order of the keys.</summary>
    public ImmutableArray<Fight> At(TimeSpan now) =>
    [
        .. from past in _byKey
           where past.Value.IsFight && now - past.Value.Last < Quiet
           orderby past.Key
           select new Fight(past.Key, past.Value.Manager, past.Value.Pause > TimeSpan.Zero),
    ];

    /// <param name="corrected">Everything that somebody else changed and that was corrected now.</param>
    public FightTracker Corrected(IEnumerable<Drift> corrected, TimeSpan now)
    {
        var byKey = _byKey.RemoveRange(_byKey.Where(k => now - k.Value.Last >= Quiet).Select(k => k.Key)).ToBuilder();
        foreach (Drift drift in corrected)
        {
            Corrections? past = byKey.GetValueOrDefault(drift.Key);
            byKey[drift.Key] = Next(past, now) with { Manager = drift.Manager ?? past?.Manager };
        }

        return new FightTracker(byKey.ToImmutable());
    }

    private static Corrections Next(Corrections? past, TimeSpan now)
    {
        ImmutableArray<TimeSpan> recent = [.. (past?.Recent ?? []).Where(t => now - t < PauseWindow), now];
        bool isFight = past?.IsFight == true || recent.Count(t => now - t < FightWindow) >= CorrectionsBeforeFight;
        TimeSpan before = past?.Pause ?? TimeSpan.Zero;
        if (before == TimeSpan.Zero && recent.Length < CorrectionsBeforePause)
            return new Corrections(recent, TimeSpan.Zero, now, now, isFight);
        TimeSpan pause = before == TimeSpan.Zero ? FirstPause : before * 2;
        pause = pause < LongestPause ? pause : LongestPause;
        return new Corrections([], pause, now + pause, now, isFight);
    }

    internal sealed record Corrections(ImmutableArray<TimeSpan> Recent, TimeSpan Pause, TimeSpan NotBefore, TimeSpan Last, bool IsFight)
    {
        /// <summary>The last that was named: one that now and then removes a key is the same that at other times sets it.</summary>
        public string? Manager { get; init; }
    }
}
