using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Toolsets;

public sealed class ToolsetValueTests
{
    [Theory]
    [InlineData("{}", "{}", true)]
    [InlineData("{a: 1, b: [x, {c: null}]}", "{a: 1, b: [x, {c: null}]}", true)]
    [InlineData("{}", "{a: 1}", false)]
    [InlineData("{a: 1}", "{a: 2}", false)]
    [InlineData("{a: 1}", "{b: 1}", false)]
    [InlineData("{a: 1}", "{a: '1'}", false)]
    [InlineData("{a: 1, b: 2}", "{b: 2, a: 1}", false)]
    [InlineData("{a: 1, b: 2}", "{a: 1}", false)]
    [InlineData("{a: 1, b: 2}", "{a: 1, b: 3}", false)]
    [InlineData("{a: [1, 2]}", "{a: [2, 1]}", false)]
    [InlineData("{a: {b: 1}}", "{a: {b: 2}}", false)]
    public void Two_values_are_equal_where_their_content_is_and_has_the_same_order(string one, string other, bool areEqual)
    {
        Assert.Equal(areEqual, Read(one).Equals(Read(other)));
        Assert.Equal(areEqual, Read(other).Equals(Read(one)));
    }

    [Fact]
    public void Nothing_equals_no_value()
    {
        Assert.False(Read("{}").Equals(null));
        Assert.False(new ToolsetValue.List([]).Equals(null));
    }

    private static ToolsetValue.Map Read(string yaml) => ToolsetValueReader.ReadMap((YamlNode.Mapping)YamlReader.Read(yaml).Documents.Single());
}
