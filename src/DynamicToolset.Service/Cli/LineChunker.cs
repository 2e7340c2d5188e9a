using DiffPlex;

namespace DynamicToolset.Service.Cli;

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
