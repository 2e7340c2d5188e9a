using DynamicToolset.Service.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class IdleCollectionTests
{
    [Fact]
    public void Memory_is_given_back_after_the_start_and_once_more_after_a_long_one_and_every_five_minutes()
    {
        var time = new FakeTimeProvider();
        int collected = 0;
        using var idle = new IdleCollection(() => collected++, time);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, collected);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, collected);
        time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(2, collected);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(3, collected);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(4, collected);
    }
}
