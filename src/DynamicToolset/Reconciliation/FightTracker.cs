using System.Collections.Immutable;

namespace DynamicToolset.Reconciliation;

/// <summary>
/// Notices when somebody else keeps undoing our corrections. Two programs with different opinions would write as fast as the API server
/// answers; so from the thirtieth correction of a key within ten minutes on, the next one waits 5 s, then 10, 20 and so on up to 5 minutes.
/// Ten quiet minutes end the fight.
/// </summary>
public sealed record FightTracker
{
    private const int CorrectionsBeforeFight = 30;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);

    private readonly ImmutableDictionary<string, Corrections> _byKey;

    private FightTracker(ImmutableDictionary<string, Corrections> byKey) => _byKey = byKey;

    public static FightTracker Peace { get; } = new(ImmutableDictionary.Create<string, Corrections>(StringComparer.Ordinal));

    /// <summary>When the key may be corrected again; null where that is now.</summary>
    public DateTimeOffset? PausedUntil(string key, DateTimeOffset now) =>
        _byKey.TryGetValue(key, out Corrections? past) && past.NotBefore > now ? past.NotBefore : null;

    /// <summary>What is being slowed, in the order of the keys.</summary>
    public ImmutableArray<Fight> At(DateTimeOffset now) =>
    [
        .. from past in _byKey
           where past.Value.Pause > TimeSpan.Zero && now - past.Value.Last < Quiet
           orderby past.Key
           select new Fight(past.Key, past.Value.Manager, past.Value.NotBefore),
    ];

    /// <param name="corrected">Everything that somebody else changed and that was corrected now.</param>
    public FightTracker Corrected(IEnumerable<Drift> corrected, DateTimeOffset now)
    {
        var byKey = _byKey.RemoveRange(_byKey.Where(k => now - k.Value.Last >= Quiet).Select(k => k.Key)).ToBuilder();
        foreach (Drift drift in corrected)
        {
            Corrections? past = byKey.GetValueOrDefault(drift.Key);
            byKey[drift.Key] = Next(past, now) with { Manager = drift.Manager ?? past?.Manager };
        }

        return new FightTracker(byKey.ToImmutable());
    }

    private static Corrections Next(Corrections? past, DateTimeOffset now)
    {
        if (past is null)
            return new Corrections([now], TimeSpan.Zero, now);
        ImmutableArray<DateTimeOffset> recent = [.. past.Recent.Where(t => now - t < Window), now];
        if (past.Pause == TimeSpan.Zero && recent.Length < CorrectionsBeforeFight)
            return new Corrections(recent, TimeSpan.Zero, now);
        TimeSpan pause = past.Pause == TimeSpan.Zero ? FirstPause : past.Pause * 2;
        pause = pause < LongestPause ? pause : LongestPause;
        return new Corrections([], pause, now + pause) { Last = now };
    }

    private sealed record Corrections(ImmutableArray<DateTimeOffset> Recent, TimeSpan Pause, DateTimeOffset NotBefore)
    {
        public DateTimeOffset Last { get; init; } = NotBefore;

        /// <summary>The last that was named: one that now and then removes a key is the same that at other times sets it.</summary>
        public string? Manager { get; init; }
    }
}
