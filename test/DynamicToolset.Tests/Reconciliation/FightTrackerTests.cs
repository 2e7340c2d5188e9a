using DynamicToolset.Reconciliation;

namespace DynamicToolset.Tests.Reconciliation;

public sealed class FightTrackerTests
{
    private const string Key = "prometheus-toolset.yaml";
    private static readonly Drift Correction = new(DriftKind.Modified, Key, "opponent");
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);

    [Fact]
    public void An_opponent_who_writes_every_100_ms_for_ten_minutes_gets_at_most_50_answers()
    {
        (int writes, FightTracker tracker) = Fight(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        Assert.InRange(writes, 10, 50);
        Assert.Equal([Key], tracker.At(Start + TimeSpan.FromMinutes(10)).Select(f => f.Key));
    }

    [Fact]
    public void The_pauses_double_from_5_seconds_to_5_minutes()
    {
        FightTracker tracker = FightTracker.Peace;
        TimeSpan now = Start;
        var pauses = new List<double>();
        for (int i = 0; i < 38; i++)
        {
            tracker = tracker.Corrected([Correction], now);
            TimeSpan next = tracker.PausedUntil(Key, now) ?? now;
            pauses.Add((next - now).TotalSeconds);
            now = next;
        }

        Assert.Equal([.. Enumerable.Repeat(0.0, 29), 5, 10, 20, 40, 80, 160, 300, 300, 300], pauses);
    }

    [Fact]
    public void Ten_quiet_minutes_end_a_fight()
    {
        (_, FightTracker tracker) = Fight(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(4));
        TimeSpan last = Start + TimeSpan.FromMilliseconds(2900);
        Assert.NotEmpty(tracker.At(last + TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1)));
        Assert.Empty(tracker.At(last + TimeSpan.FromMinutes(10)));
        FightTracker afterwards = tracker.Corrected([Correction], last + TimeSpan.FromMinutes(10));
        Assert.Null(afterwards.PausedUntil(Key, last + TimeSpan.FromMinutes(10)));
        Assert.Empty(afterwards.At(last + TimeSpan.FromMinutes(10)));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 29)]
    [InlineData(30, 100)]
    public void A_handful_of_edits_by_a_person_is_never_slowed(int secondsBetween, int edits)
    {
        FightTracker tracker = FightTracker.Peace;
        for (int i = 0; i < edits; i++)
        {
            TimeSpan now = Start + TimeSpan.FromSeconds(i * secondsBetween);
            Assert.Null(tracker.PausedUntil(Key, now));
            tracker = tracker.Corrected([Correction], now);
        }

        Assert.DoesNotContain(tracker.At(Start), f => f.IsSlowed);
    }

    [Fact]
    public void A_fight_is_told_of_at_the_third_correction_within_a_minute()
    {
        FightTracker tracker = FightTracker.Peace.Corrected([Correction], Start).Corrected([Correction], Start + TimeSpan.FromSeconds(30));
        Assert.Empty(tracker.At(Start + TimeSpan.FromSeconds(30)));
        Assert.Empty(tracker.Corrected([Correction], Start + TimeSpan.FromSeconds(60)).At(Start + TimeSpan.FromSeconds(60)));
        Assert.Equal(
            [new Fight(Key, "opponent", IsSlowed: false)],
            tracker.Corrected([Correction], Start + TimeSpan.FromSeconds(59)).At(Start + TimeSpan.FromSeconds(59)));
    }

    [Fact]
    public void Who_writes_under_our_own_name_is_a_second_copy_of_this_service()
    {
        FightTracker tracker = FightTracker.Peace;
        for (int i = 0; i < 3; i++)
            tracker = tracker.Corrected([Correction with { Manager = DesiredConfigMap.ManagedBy }], Start);
        Assert.True(Assert.Single(tracker.At(Start)).IsWithSecondCopy);
    }

    [Fact]
    public void A_fight_over_one_key_does_not_slow_another()
    {
        (_, FightTracker tracker) = Fight(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        Assert.Null(tracker.PausedUntil("grafana-toolset.yaml", Start));
        Assert.Equal([Key], tracker.At(Start).Select(f => f.Key));
    }

    [Fact]
    public void The_thirtieth_correction_counts_only_within_ten_minutes()
    {
        FightTracker tracker = FightTracker.Peace;
        for (int i = 0; i < 29; i++)
            tracker = tracker.Corrected([Correction], Start + TimeSpan.FromSeconds(i));
        Assert.Null(tracker.Corrected([Correction], Start + TimeSpan.FromMinutes(10)).PausedUntil(Key, Start + TimeSpan.FromMinutes(10)));
        Assert.NotNull(tracker.Corrected([Correction], Start + TimeSpan.FromSeconds(599)).PausedUntil(Key, Start + TimeSpan.FromSeconds(599)));
    }

    [Fact]
    public void The_opponent_is_named_as_long_as_it_was_ever_known_and_the_next_correction_has_its_time()
    {
        Drift removal = Correction with { Kind = DriftKind.Missing, Manager = null };
        FightTracker tracker = FightTracker.Peace;
        for (int i = 0; i < 30; i++)
            tracker = tracker.Corrected([i % 2 == 0 ? Correction : removal], Start);
        Assert.Equal([new Fight(Key, "opponent", IsSlowed: true)], tracker.At(Start));
    }

    [Fact]
    public void Of_several_opponents_the_last_is_named()
    {
        FightTracker tracker = FightTracker.Peace;
        for (int i = 0; i < 30; i++)
            tracker = tracker.Corrected([Correction with { Manager = i < 29 ? "first" : "last" }], Start);
        Assert.Equal("last", Assert.Single(tracker.At(Start)).Manager);
    }

    [Fact]
    public void Who_only_ever_removes_stays_unknown()
    {
        FightTracker tracker = FightTracker.Peace;
        for (int i = 0; i < 30; i++)
            tracker = tracker.Corrected([Correction with { Kind = DriftKind.Missing, Manager = null }], Start);
        Assert.Null(Assert.Single(tracker.At(Start)).Manager);
    }

    private static (int Writes, FightTracker Tracker) Fight(TimeSpan every, TimeSpan span)
    {
        FightTracker tracker = FightTracker.Peace;
        int writes = 0;
        for (TimeSpan now = Start; now < Start + span; now += every)
        {
            if (tracker.PausedUntil(Key, now) is not null)
                continue;
            tracker = tracker.Corrected([Correction], now);
            writes++;
        }

        return (writes, tracker);
    }
}
