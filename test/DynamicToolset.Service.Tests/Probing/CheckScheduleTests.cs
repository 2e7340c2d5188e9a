using System.Globalization;
using DynamicToolset.Service.Probing;

namespace DynamicToolset.Service.Tests.Probing;

/// <summary>Items are named by turn, namespace and a number: <c>La1</c> waits for a first look, <c>P</c> is prompt, <c>H</c> hangs.</summary>
public sealed class CheckScheduleTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    [Theory]
    // The most urgent first, and within a kind of turn the namespaces by turns.
    [InlineData(8, "Ha1 Pa1 Pa2 Pb1 La1", "La1 Pa1 Pb1 Pa2 Ha1")]
    // A quarter is left to the other kinds, whoever they are.
    [InlineData(4, "Ha1 Ha2 Ha3 Ha4", "Ha1 Ha2 Ha3")]
    [InlineData(4, "Pa1 Pa2 Pa3 Pa4 Ha1", "Pa1 Pa2 Pa3 Ha1")]
    [InlineData(8, "La1 La2 La3 La4 La5 La6 La7", "La1 La2 La3 La4 La5 La6")]
    // Of less than four there is no quarter, and all together are never more than there are.
    [InlineData(1, "Ha1 Pa1", "Pa1")]
    [InlineData(3, "Pa1 Pa2 Pa3 Pa4", "Pa1 Pa2 Pa3")]
    // Who has gone takes no slot.
    [InlineData(4, "Pa1 Pa2 -Pa1", "Pa2")]
    [InlineData(4, "Ha1 Pa1@9 -Pa1", "Ha1")]
    // Whose time has come is due like the others, whose has not is not.
    [InlineData(8, "Pa1@9 Pa2@11 Ha1@10 Pa3", "Pa3 Pa1 Ha1")]
    // Who is hastened comes behind those who are due already, in the order of its time; the others go on waiting.
    [InlineData(8, "Pa4@30 Pa1@20 Ha1@25 Pa2 Pa3 !Pa", "Pa2 Pa3 Pa1 Pa4")]
    public void Slots_go_to_the_most_urgent_and_no_kind_takes_them_all(int slots, string steps, string order)
    {
        CheckSchedule<string> schedule = Schedule(slots);
        foreach (string step in steps.Split(' '))
        {
            string[] parts = step.Split('@');
            if (step[0] == '-')
                schedule.Withdraw(step[1..]);
            else if (step[0] == '!')
                schedule.Hasten(item => item.StartsWith(step[1..], StringComparison.Ordinal));
            else if (parts.Length == 1)
                schedule.Enqueue(step);
            else
                schedule.Wait(parts[0], TimeSpan.FromSeconds(int.Parse(parts[1], CultureInfo.InvariantCulture)));
        }

        Assert.Equal(order, string.Join(' ', Take(schedule)));
    }

    [Theory]
    [InlineData(1, 5_000)]
    [InlineData(3, 5_000)]
    [InlineData(12, 1_250)]
    [InlineData(1000, 100)]
    public void A_crowd_of_first_looks_shares_five_seconds(int crowd, int milliseconds)
    {
        CheckSchedule<string> schedule = Schedule(slots: 4);
        for (int i = 0; i < crowd; i++)
            schedule.Enqueue($"La{i}");
        Assert.All(schedule.Take(TimeSpan.Zero), t => Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), t.Timeout));
    }

    [Fact]
    public void The_last_of_a_crowd_has_no_more_time_than_the_first()
    {
        CheckSchedule<string> schedule = Schedule(slots: 4);
        for (int i = 0; i < 12; i++)
            schedule.Enqueue($"La{i}");
        (string Item, TimeSpan Timeout) last = default;
        while (schedule.Take(TimeSpan.Zero) is { Count: > 0 } taken)
        {
            last = taken[^1];
            foreach ((string item, _) in taken)
                schedule.Ended(item);
        }

        Assert.Equal(("La11", TimeSpan.FromSeconds(1.25)), last);
    }

    [Fact]
    public void A_slot_that_is_given_back_goes_to_the_next()
    {
        CheckSchedule<string> schedule = Schedule(slots: 1);
        schedule.Enqueue("Pa1");
        schedule.Enqueue("Pa2");
        Assert.Equal(["Pa1"], Take(schedule));
        Assert.Empty(Take(schedule));
        schedule.Ended("Pa1");
        Assert.Equal(["Pa2"], Take(schedule));
        Assert.Equal(["Pa2"], schedule.Running);
    }

    [Fact]
    public void The_next_time_is_that_of_the_first_who_waits_for_one()
    {
        CheckSchedule<string> schedule = Schedule(slots: 1);
        schedule.Enqueue("Pa1");
        Assert.Null(schedule.NextDue);
        schedule.Wait("Pa2", TimeSpan.FromSeconds(30));
        schedule.Wait("Pa3", TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.FromSeconds(20), schedule.NextDue);
        schedule.Withdraw("Pa3");
        Assert.Equal(TimeSpan.FromSeconds(30), schedule.NextDue);
    }

    private static CheckSchedule<string> Schedule(int slots) => new(slots, Timeout, item => item[1..2], item => item[0] switch
    {
        'L' => Turn.FirstLook,
        'P' => Turn.Prompt,
        _ => Turn.Hanging,
    });

    private static IEnumerable<string> Take(CheckSchedule<string> schedule) => schedule.Take(TimeSpan.FromSeconds(10)).Select(t => t.Item);
}
