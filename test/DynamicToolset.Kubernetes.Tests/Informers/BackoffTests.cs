using DynamicToolset.Kubernetes.Informers;

namespace DynamicToolset.Kubernetes.Tests.Informers;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

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
    public void A_success_starts_it_anew()
    {
        Backoff backoff = Start(seed: 1);
        Fail(backoff, times: 10);
        backoff.Reset();
        Assert.InRange(backoff.Next(), First / 2, First);
        Assert.InRange(backoff.Next(), First, First * 2);
    }

    [Fact]
    public void A_failure_that_deserves_no_long_wait_has_none_whatever_failed_before()
    {
        Backoff backoff = Start(seed: 1);
        Fail(backoff, times: 10);
        Assert.InRange(backoff.Next(atMost: Short), Short / 2, Short);
        Assert.Equal(TimeSpan.FromSeconds(7), backoff.Next(atLeast: TimeSpan.FromSeconds(7), atMost: Short));
    }

    [Fact]
    public void Short_waits_do_not_make_the_next_failure_of_another_kind_wait_long()
    {
        Backoff backoff = Start(seed: 1);
        for (int i = 0; i < 100; i++)
            backoff.Next(atMost: Short);
        Assert.InRange(backoff.Next(), Short / 2, Short);
    }

    [Fact]
    public void Clients_that_failed_together_do_not_return_together()
    {
        Assert.Equal(100, Enumerable.Range(0, 100).Select(seed => Start(seed).Next()).Distinct().Count());
        Assert.Equal(100, Enumerable.Range(0, 100).Select(seed => AfterLongOutage(seed)).Distinct().Count());
    }

    private static TimeSpan AfterLongOutage(int seed)
    {
        Backoff backoff = Start(seed);
        Fail(backoff, times: 10);
        return backoff.Next(atMost: Short);
    }

    private static void Fail(Backoff backoff, int times)
    {
        for (int i = 0; i < times; i++)
            backoff.Next();
    }

    private static Backoff Start(int seed) => new(First, Longest, new Random(seed));
}
