using System.Globalization;
using DiffPlex;
using DiffPlex.Model;

namespace DynamicToolset.Service.Cli;

/// <summary>
/// Two texts line by line, in the form that diff -u prints and that patch and editors read,
/// https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html.
/// </summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>Lines that one text has and the other has not. To compare takes as long as the square of what differs: of more than this seconds.</summary>
    private const int MostCompared = 20_000;

    private static readonly LineChunker Lines = new();

    /// <returns>Nothing where the texts are the same. Where they have next to nothing in common all of the one, and then all of the other.</returns>
    public static IEnumerable<DiffLine> Of(string before, string after)
    {
        DiffResult diff = Compare(before, after);
        var blocks = new List<DiffBlock>();
        foreach (DiffBlock block in diff.DiffBlocks)
        {
            if (blocks is [.., var last] && block.DeleteStartA - EndInOld(last) > 2 * Context)
            {
                foreach (DiffLine line in HunkOf(diff, blocks))
                    yield return line;
                blocks.Clear();
            }

            blocks.Add(block);
        }

        if (blocks.Count == 0)
            yield break;
        foreach (DiffLine line in HunkOf(diff, blocks))
            yield return line;
    }

    private static DiffResult Compare(string before, string after)
    {
        IReadOnlyList<string> old = Lines.Chunk(before), now = Lines.Chunk(after);
        return DifferingAtLeast(old, now) > MostCompared
            ? new DiffResult(old, now, [new DiffBlock(0, old.Count, 0, now.Count)])
            : Differ.Instance.CreateDiffs(before, after, ignoreWhiteSpace: false, ignoreCase: false, Lines);
    }

    /// <summary>More where lines have changed places.</summary>
    private static int DifferingAtLeast(IReadOnlyList<string> old, IReadOnlyList<string> now)
    {
        Dictionary<string, int> surplus = old.CountBy(l => l, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        foreach (string line in now)
            surplus[line] = surplus.GetValueOrDefault(line) - 1;
        return surplus.Values.Sum(Math.Abs);
    }

    private static IEnumerable<DiffLine> HunkOf(DiffResult diff, List<DiffBlock> blocks)
    {
        DiffBlock first = blocks[0], last = blocks[^1];
        int before = Math.Min(Context, first.DeleteStartA);
        int after = Math.Min(Context, diff.PiecesOld.Count - EndInOld(last));
        int start = first.DeleteStartA - before, end = EndInOld(last) + after;
        string old = Range(start, end - start);
        string now = Range(first.InsertStartB - before, EndInNew(last) + after - (first.InsertStartB - before));
        yield return new DiffLine(DiffLineKind.Place, $"@@ -{old} +{now} @@");
        int position = start;
        foreach (DiffBlock block in blocks)
        {
            foreach (DiffLine line in Signed(DiffLineKind.Same, ' ', diff.PiecesOld, position, block.DeleteStartA))
                yield return line;
            position = EndInOld(block);
            foreach (DiffLine line in Signed(DiffLineKind.Removed, '-', diff.PiecesOld, block.DeleteStartA, position))
                yield return line;
            foreach (DiffLine line in Signed(DiffLineKind.Added, '+', diff.PiecesNew, block.InsertStartB, EndInNew(block)))
                yield return line;
        }

        foreach (DiffLine line in Signed(DiffLineKind.Same, ' ', diff.PiecesOld, position, end))
            yield return line;
    }

    private static IEnumerable<DiffLine> Signed(DiffLineKind kind, char sign, IReadOnlyList<string> pieces, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            bool isWhole = pieces[i].EndsWith('\n');
            yield return new DiffLine(kind, sign + (isWhole ? pieces[i][..^1] : pieces[i]));
            if (!isWhole)
                yield return new DiffLine(DiffLineKind.Same, "\\ No newline at end of file");
        }
    }

    /// <summary>Lines count from 1; a range without lines names the one before it.</summary>
    private static string Range(int start, int count) => count switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"{start},0"),
        1 => string.Create(CultureInfo.InvariantCulture, $"{start + 1}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{start + 1},{count}"),
    };

    private static int EndInOld(DiffBlock block) => block.DeleteStartA + block.DeleteCountA;

    private static int EndInNew(DiffBlock block) => block.InsertStartB + block.InsertCountB;
}

/// <param name="Text">With its sign in front, without the break at the end.</param>
internal sealed record DiffLine(DiffLineKind Kind, string Text);

/// <summary>What a line of a unified diff is.</summary>
internal enum DiffLineKind
{
    /// <summary>Names the text.</summary>
    Name,

    /// <summary>Says where in the two texts the lines below are.</summary>
    Place,

    /// <summary>On both sides, or a note about the line above.</summary>
    Same,

    Removed,

    Added,
}

/// <summary>Cuts a text behind each line feed, and nowhere else: a text whose carriage returns are gone is another text.</summary>
internal sealed class LineChunker : IChunker
{
    public IReadOnlyList<string> Chunk(string text)
    {
        var lines = new List<string>();
        for (int start = 0, end; start < text.Length; start = end)
        {
            int feed = text.IndexOf('\n', start);
            end = feed < 0 ? text.Length : feed + 1;
            lines.Add(text[start..end]);
        }

        return lines;
    }
}
