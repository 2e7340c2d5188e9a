using DynamicToolset.Overrides;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Overrides;

public sealed class OverrideMergerTests
{
    [Theory]
    [InlineData("{a: 1}", "{}", "{a: 1}")]
    [InlineData("{}", "{a: 1}", "{a: 1}")]
    [InlineData("{a: 1, b: 2}", "{b: 3}", "{a: 1, b: 3}")]
    [InlineData("{a: 1}", "{b: 2}", "{a: 1, b: 2}")]
    [InlineData("{c: {x: 1, y: 2}}", "{c: {y: 3, z: 4}}", "{c: {x: 1, y: 3, z: 4}}")]
    [InlineData("{c: {x: {p: 1, q: 2}}}", "{c: {x: {p: 9}}}", "{c: {x: {p: 9, q: 2}}}")]
    [InlineData("{a: [1, 2]}", "{a: [3]}", "{a: [3]}")]
    [InlineData("{a: [1, 2]}", "{a: []}", "{a: []}")]
    [InlineData("{a: {x: 1}}", "{a: {}}", "{a: {x: 1}}")]
    [InlineData("{a: {x: 1}}", "{a: 5}", "{a: 5}")]
    [InlineData("{a: {x: 1}}", "{a: null}", "{a: null}")]
    [InlineData("{a: 5}", "{a: {x: 1}}", "{a: {x: 1}}")]
    [InlineData("{a: 5}", "{a: [1]}", "{a: [1]}")]
    public void The_admin_wins_leaf_by_leaf_and_lists_and_scalars_are_replaced(string generated, string wanted, string merged) =>
        Assert.Equal(Map(merged), OverrideMerger.Merge(Map(generated), Map(wanted)));

    private static ToolsetValue.Map Map(string text) => ToolsetValueReader.ReadMap((YamlNode.Mapping)YamlReader.Read(text).Documents.Single());
}
