using DynamicToolset.Service.Probing;

namespace DynamicToolset.Service.Tests.Probing;

public sealed class FairQueueTests
{
    [Theory]
    [InlineData("a1 a2 a3 b1", "a1 b1 a2 a3")]
    [InlineData("a1 a2 b1 b2 c1 c2", "a1 b1 c1 a2 b2 c2")]
    [InlineData("a1 a2 a3 -a1 b1", "a2 b1 a3")]
    [InlineData("a1 -a1 b1", "b1")]
    [InlineData("a1 -b1", "a1")]
    [InlineData("", "")]
    public void Namespaces_take_turns_and_within_one_who_came_first_goes_first(string steps, string order)
    {
        FairQueue<string> queue = new(item => item[..1]);
        foreach (string step in steps.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step[0] == '-')
                queue.Remove(step[1..]);
            else
                queue.Enqueue(step);
        }

        List<string> seen = [];
        int count = queue.Count;
        while (queue.TryDequeue(out string? item))
            seen.Add(item);

        Assert.Equal(order.Split(' ', StringSplitOptions.RemoveEmptyEntries), seen);
        Assert.Equal((seen.Count, 0), (count, queue.Count));
    }

    [Fact]
    public void Who_comes_back_at_once_is_behind_the_others()
    {
        FairQueue<string> queue = new(item => item[..1]);
        queue.Enqueue("a1");
        queue.Enqueue("b1");
        queue.TryDequeue(out _);
        queue.Enqueue("a2");

        Assert.True(queue.TryDequeue(out string? next));
        Assert.Equal("b1", next);
    }
}
