using DynamicToolset.Kubernetes.Informers;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Kubernetes.Tests.Informers;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Waits_double_up_to_the_longest_and_lie_in_the_upper_half_of_their_range(int seed)
    {
        Backoff backoff = Start(seed);
        TimeSpan ceiling = First;
        for (int i = 0; i < 20; i++)
        {
            Assert.InRange(backoff.Next(), ceiling / 2, ceiling);
            ceiling = ceiling * 2 < Longest ? ceiling * 2 : Longest;
        }
    }

    [Fact]
    public void A_longer_wait_that_was_asked_for_is_kept_and_a_shorter_one_is_not()
    {
        Backoff backoff = Start(seed: 1);
        Assert.Equal(TimeSpan.FromSeconds(7), backoff.Next(TimeSpan.FromSeconds(7)));
        Assert.True(backoff.Next(TimeSpan.FromMilliseconds(1)) >= First);
    }

    [Fact]
    public void Two_minutes_without_a_failure_start_it_anew()
    {
        Backoff backoff = Start(seed: 1);
        for (int i = 0; i < 10; i++)
            _time.Advance(backoff.Next());
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.InRange(backoff.Next(), First / 2, First);
    }

    [Fact]
    public void Failures_during_a_long_wait_that_was_asked_for_do_not_count_as_health()
    {
        Backoff backoff = Start(seed: 1);
        for (int i = 0; i < 10; i++)
            _time.Advance(backoff.Next(TimeSpan.FromMinutes(3)));
        Assert.True(backoff.Next() >= Longest / 2);
    }

    [Fact]
    public void Clients_that_failed_together_do_not_return_together() =>
        Assert.Equal(100, Enumerable.Range(0, 100).Select(seed => Start(seed).Next()).Distinct().Count());

    private Backoff Start(int seed) => new(First, Longest, TimeSpan.FromMinutes(2), _time, new Random(seed));
}
