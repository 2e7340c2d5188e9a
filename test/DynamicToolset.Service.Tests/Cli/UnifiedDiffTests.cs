using System.Text;
using DynamicToolset.Service.Cli;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

public sealed class UnifiedDiffTests
{
    [Theory]
    [InlineData("a\n", "a\n", "")]
    [InlineData("", "", "")]
    [InlineData("a\n", "b\n", "@@ -1 +1 @@|-a|+b")]
    [InlineData("", "a\nb\n", "@@ -0,0 +1,2 @@|+a|+b")]
    [InlineData("a\nb\n", "", "@@ -1,2 +0,0 @@|-a|-b")]
    [InlineData("a\n", "a", "@@ -1 +1 @@|-a|+a|\\ No newline at end of file")]
    [InlineData("a\nb", "b", "@@ -1,2 +1 @@|-a| b|\\ No newline at end of file")]
    [InlineData("a\r\nb\n", "a\nb\n", "@@ -1,2 +1,2 @@|-a\r|+a| b")]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nX\n6\n7\n8\n9\n", "@@ -2,7 +2,7 @@| 2| 3| 4|-5|+X| 6| 7| 8")]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n", "X\n2\n3\n4\n5\n6\n7\nY\n", "@@ -1,8 +1,8 @@|-1|+X| 2| 3| 4| 5| 6| 7|-8|+Y")]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "X\n2\n3\n4\n5\n6\n7\n8\nY\n", "@@ -1,4 +1,4 @@|-1|+X| 2| 3| 4|@@ -6,4 +6,4 @@| 6| 7| 8|-9|+Y")]
    [InlineData("1\n2\n3\n4\n", "1\n2\n2\n3\n4\n", "@@ -1,4 +1,5 @@| 1| 2|+2| 3| 4")]
    public void It_is_the_form_of_diff_u(string before, string after, string expected) =>
        Assert.Equal(expected, string.Join('|', UnifiedDiff.Of(before, after).Select(l => l.Text)));

    [Fact]
    public void Applied_to_the_one_text_it_gives_the_other() => Chance.Try(2_000, random =>
    {
        (string before, string after) = (NewText(random), NewText(random));
        Assert.Equal(after, Apply(before, [.. UnifiedDiff.Of(before, after)]));
    });

    /// <summary>To find the few lines that they share would take minutes.</summary>
    [Fact]
    public void Of_long_texts_with_next_to_nothing_in_common_the_one_goes_and_the_other_comes()
    {
        string[] old = [.. Enumerable.Range(0, 30_000).Select(i => i % 3_000 == 0 ? "both\n" : $"old {i}\n")];
        string[] now = [.. old.Select(l => l.Replace("old", "new", StringComparison.Ordinal))];
        DiffLine[] diff = [.. UnifiedDiff.Of(string.Concat(old), string.Concat(now))];
        Assert.Equal(["@@ -1,30000 +1,30000 @@", .. old.Select(l => $"-{l[..^1]}"), .. now.Select(l => $"+{l[..^1]}")], diff.Select(l => l.Text));
    }

    [Fact]
    public void Of_long_texts_that_differ_in_places_only_these_are_shown()
    {
        string[] old = [.. Enumerable.Range(0, 50_000).Select(i => $"line {i}\n")];
        string[] now = [.. old];
        (now[0], now[^1]) = ("first\n", "last\n");
        Assert.Equal(2, UnifiedDiff.Of(string.Concat(old), string.Concat(now)).Count(l => l.Kind == DiffLineKind.Place));
    }

    private static string NewText(Random random) =>
        string.Join('\n', random.GetItems("abc".AsSpan(), random.Next(40)).ToArray()) + (random.Next(2) == 0 ? "" : "\n");

    private static string Apply(string before, DiffLine[] diff)
    {
        IReadOnlyList<string> old = new LineChunker().Chunk(before);
        var result = new StringBuilder();
        int position = 0;
        for (int i = 0; i < diff.Length; i++)
        {
            string line = diff[i].Text;
            if (diff[i].Kind == DiffLineKind.Place)
            {
                string[] range = line.Split(' ')[1][1..].Split(',');
                int start = int.Parse(range[0]) - (range is [_, "0"] ? 0 : 1);
                while (position < start)
                    result.Append(old[position++]);
                continue;
            }

            if (line[0] == '\\')
                continue;
            bool isOpen = i + 1 < diff.Length && diff[i + 1].Text[0] == '\\';
            string whole = line[1..] + (isOpen ? "" : "\n");
            if (line[0] != '+')
                Assert.Equal(old[position++], whole);
            if (line[0] != '-')
                result.Append(whole);
        }

        while (position < old.Count)
            result.Append(old[position++]);
        return result.ToString();
    }
}
