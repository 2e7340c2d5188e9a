using DynamicToolset.Cluster;

namespace DynamicToolset.Tests.Discovery;

public sealed class ObjectKeyTests
{
    [Fact]
    public void Keys_are_ordered_by_namespace_then_name()
    {
        ObjectKey[] sorted = [.. new ObjectKey[] { new("b", "a"), new("a", "z"), new("a", "B") }.Order()];
        Assert.Equal([new("a", "B"), new("a", "z"), new("b", "a")], sorted);
    }
}
