using System.Globalization;
using System.Text;

namespace DynamicToolset.Score;

/// <summary>A scorecard for people: a row for each type in per cent, then the mistakes.</summary>
internal static class ScoreText
{
    public static string Print(Scorecard card)
    {
        var text = new StringBuilder();
        Add(text, "type", "backends", "recall", "visible", "precision", "twins", "installs just right");
        foreach (TypeScore score in card.Types)
        {
            Add(
                text,
                score.Type,
                Number(score.Backends),
                PerCent(score.Recall),
                PerCent(score.VisibleRecall),
                PerCent(score.Precision),
                Number(score.Twins),
                $"{Number(score.ExactInstalls)} of {Number(score.Installs)}");
        }

        foreach (string mistake in card.Types.SelectMany(t => t.Mistakes.Select(m => $"{t.Type}: {m}")))
            text.AppendLine(mistake);
        return text.ToString();
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string PerCent(double share) => (100 * share).ToString("F1", CultureInfo.InvariantCulture);

    private static void Add(StringBuilder text, params ReadOnlySpan<string> cells)
    {
        text.Append($"{cells[0],-16}");
        foreach (string cell in cells[1..^1])
            text.Append($"{cell,10}");
        text.AppendLine($"{cells[^1],22}");
    }
}
