using DynamicToolset.Service.Loops;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Loops;

public sealed class RoundBucketTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_few_rounds_begin_at_once_and_then_one_in_each_pause()
    {
        var bucket = new RoundBucket(_time);
        double[] waits = [.. Enumerable.Range(0, 9).Select(_ => bucket.Take().TotalMilliseconds)];
        Assert.Equal([0, 0, 0, 0, 0, 0, 250, 500, 750], waits);
    }

    [Fact]
    public void After_a_rest_a_few_begin_at_once_again_and_never_more()
    {
        var bucket = new RoundBucket(_time);
        for (int i = 0; i < 10; i++)
            bucket.Take();
        _time.Advance(TimeSpan.FromHours(1));
        double[] waits = [.. Enumerable.Range(0, 8).Select(_ => bucket.Take().TotalMilliseconds)];
        Assert.Equal([0, 0, 0, 0, 0, 0, 250, 500], waits);
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
