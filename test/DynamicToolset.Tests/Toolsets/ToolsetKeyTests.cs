using DynamicToolset.Cluster;
using DynamicToolset.Rules;

namespace DynamicToolset.Tests.Toolsets;

public sealed class ToolsetKeyTests
{
    /// <summary>Every key of a toolset ends as this one does, whatever the name.</summary>
    [Theory]
    [InlineData(ToolsetKey.Overrides)]
    [InlineData(ToolsetKey.Holmes)]
    public void No_name_of_a_toolset_makes_a_key_that_means_something_else(string key)
    {
        string ending = ToolsetKey.Of("");
        Assert.False(key.EndsWith(ending, StringComparison.Ordinal));
        string[] names = [.. Enumerable.Range(0, key.Length + 1).Select(end => key[..end]), "holmes", "holmes-toolsets", "overrides"];
        Assert.All(names, name => Assert.EndsWith(ending, ToolsetKey.Of(name), StringComparison.Ordinal));
    }

    [Fact]
    public void The_longest_name_makes_a_key_that_the_API_server_takes()
    {
        string key = ToolsetKey.Of(new string('n', ToolsetName.Longest));
        Assert.InRange(key.Length, 1, 253);
        Assert.True(ToolsetKey.IsOurs(key));
        Assert.Equal(ToolsetName.Longest, ToolsetKey.NameIn(key).Length);
    }
}
