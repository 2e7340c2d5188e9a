using DynamicToolset.Service.Loops;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Loops;

public sealed class RoundBucketTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_few_rounds_begin_at_once_then_some_ever_more_slowly_and_then_one_in_each_pause()
    {
        var bucket = new RoundBucket(_time);
        double[] waits = [.. Enumerable.Range(0, 12).Select(_ => bucket.Take().TotalMilliseconds)];
        Assert.Equal([0, 0, 0, 0, 0, 0, 15.6, 46.9, 109.4, 234.4, 484.4, 734.4], waits.Select(w => Math.Round(w, 1)));
    }

    /// <summary>As an API server sends them that takes five milliseconds for each: the last one is answered soon after it has come.</summary>
    [Fact]
    public void Of_changes_that_come_in_a_row_within_a_moment_the_last_waits_no_longer_than_they_took()
    {
        var bucket = new RoundBucket(_time);
        TimeSpan begun = TimeSpan.Zero;
        for (TimeSpan now = TimeSpan.Zero; now <= TimeSpan.FromMilliseconds(100); now += TimeSpan.FromMilliseconds(5))
        {
            if (now >= begun)
                begun = now + bucket.Take();
            _time.Advance(TimeSpan.FromMilliseconds(5));
        }

        Assert.InRange(begun.TotalMilliseconds, 100, 200);
    }

    [Fact]
    public void After_a_rest_a_few_begin_at_once_again_and_never_more()
    {
        var bucket = new RoundBucket(_time);
        for (int i = 0; i < 10; i++)
            bucket.Take();
        _time.Advance(TimeSpan.FromHours(1));
        double[] waits = [.. Enumerable.Range(0, 12).Select(_ => bucket.Take().TotalMilliseconds)];
        Assert.Equal([0, 0, 0, 0, 0, 0, 15.6, 46.9, 109.4, 234.4, 484.4, 734.4], waits.Select(w => Math.Round(w, 1)));
    }

    [Fact]
    public void A_change_every_quarter_second_waits_for_nothing()
    {
        var bucket = new RoundBucket(_time);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(TimeSpan.Zero, bucket.Take());
            _time.Advance(RoundBucket.Refill);
        }
    }
}
