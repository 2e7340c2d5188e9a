using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Pipeline;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Tests.Pipeline;

public sealed class ToolsetPackerTests
{
    /// <summary>Each word is namespace/name; a capital may not be left out. Each takes one place.</summary>
    [Theory]
    [InlineData("a/x a/y b/z", 3, "a/x a/y b/z", "")]
    [InlineData("a/x a/y b/z", 2, "a/x b/z", "a/y")]
    [InlineData("a/x a/y b/z", 1, "a/x", "b/z a/y")]
    [InlineData("a/x a/y b/z", 0, "", "a/x b/z a/y")]
    [InlineData("b/z a/y a/x", 2, "b/z a/x", "a/y")]
    [InlineData("a/1 a/2 a/3 a/4 b/5 c/6 c/7", 5, "a/1 a/2 b/5 c/6 c/7", "a/3 a/4")]
    [InlineData("a/1 a/2 a/3 a/4 b/5 c/6 c/7", 6, "a/1 a/2 a/3 b/5 c/6 c/7", "a/4")]
    [InlineData("A/k a/x b/y", 2, "A/k a/x", "b/y")]
    [InlineData("A/k a/x b/y", 1, "A/k", "a/x b/y")]
    [InlineData("A/k a/x b/y", 0, "A/k", "a/x b/y")]
    [InlineData("A/k", 0, "A/k", "")]
    [InlineData("a-b/x a/y", 1, "a/y", "a-b/x")]
    [InlineData("", 0, "", "")]
    public void Namespaces_take_turns_and_within_one_it_goes_by_name(string given, int room, string kept, string leftOut)
    {
        PackedToolsets packed = Pack(given, room);
        Assert.Equal(kept, Words(packed.Kept));
        Assert.Equal(leftOut, Words(packed.LeftOut));
    }

    [Fact]
    public void The_name_that_a_toolset_got_does_not_change_its_turn()
    {
        PackedToolsets packed = ToolsetPacker.Pack([Of("a/x") with { Name = "z" }, Of("a/y") with { Name = "custom-a-y" }], _ => true, some => some.Length <= 1);
        Assert.Equal("z", Assert.Single(packed.Kept).Name);
    }

    [Fact]
    public void What_fits_is_found_in_few_looks()
    {
        ImmutableArray<Toolset> toolsets = [.. Enumerable.Range(0, 5_000).Select(i => Of($"n{i % 7}/t{i:D4}"))];
        foreach (int room in (int[])[0, 1, 2, 2_499, 2_500, 4_998, 4_999])
        {
            int looks = 0;
            PackedToolsets packed = ToolsetPacker.Pack(toolsets, _ => true, some => ++looks > 0 && some.Length <= room);
            Assert.Equal(room, packed.Kept.Length);
            Assert.InRange(looks, 1, 15);
        }
    }

    private static PackedToolsets Pack(string given, int room) =>
        ToolsetPacker.Pack([.. given.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Of)], t => t.Type == "custom", some => some.Length <= room);

    private static string Words(IEnumerable<Toolset> toolsets) => string.Join(' ', toolsets.Select(t => $"{((ToolsetSource.Service)t.Source).Key.Namespace}/{t.Name}"));

    private static Toolset Of(string word)
    {
        string[] parts = word.Split('/');
        return new Toolset(parts[1], char.IsUpper(word[0]) ? "prometheus" : "custom", ToolsetValue.Map.Empty, new ToolsetSource.Service(new ObjectKey(parts[0], parts[1])));
    }
}
