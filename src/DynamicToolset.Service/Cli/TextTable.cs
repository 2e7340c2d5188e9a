using System.Text;
using DynamicToolset.Messages;

namespace DynamicToolset.Service.Cli;

/// <summary>Rows for a person, each column as wide as its widest cell.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    /// <summary>In characters.</summary>
    private const int LongestCell = 2000;

    public static string Of(params IReadOnlyList<string[]> rows)
    {
        rows = [.. rows.Select(row => row.Select(cell => QuotedText.OnOneLine(cell, LongestCell)).ToArray())];
        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            for (int column = 0; column < row.Length - 1; column++)
                text.Append(row[column].PadRight(widths[column])).Append(Gap);
            text.Append(row[^1]).Append('\n');
        }

        return text.ToString();
    }
}
