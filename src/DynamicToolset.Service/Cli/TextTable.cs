using System.Text;

namespace DynamicToolset.Service.Cli;

/// <summary>Rows for a person, each column as wide as its widest cell.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    public static string Of(params IReadOnlyList<string[]> rows)
    {
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
