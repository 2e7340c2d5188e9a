using System.Text;

namespace DynamicToolset.Bench.Figures;

/// <summary>The figures for people: a row each, with the base line, the limits and a remark where there is something to look at.</summary>
internal static class FigureTable
{
    private const int NameWidth = 72;
    private const int CellWidth = 12;

    public static string Print(IEnumerable<Figure> figures, Baseline baseline)
    {
        var text = new StringBuilder();
        Add(text, "", "value", "base line", "must", "aim", "");
        foreach (Figure figure in figures)
        {
            double? earlier = baseline.Figures.TryGetValue(figure.Name, out double value) ? value : null;
            Unit unit = figure.Unit;
            Add(text, figure.Name, unit.Print(figure.Value), unit.Print(earlier), unit.PrintLimit(figure.Must), unit.PrintLimit(figure.Aim), Remark(figure, earlier));
        }

        return text.ToString();
    }

    private static string Remark(Figure figure, double? earlier)
    {
        string[] remarks =
        [
            .. figure.BreaksMust ? (string[])["MUST IS BROKEN"] : [],
            .. figure.MissesAim ? (string[])["aim is missed"] : [],
            .. earlier is { } known && figure.IsWorseThan(known) ? (string[])["worse than the base line"] : [],
        ];
        return string.Join(", ", remarks);
    }

    private static void Add(StringBuilder text, string name, string value, string earlier, string must, string aim, string remark)
    {
        string cells = string.Concat(((string[])[value, earlier, must, aim]).Select(c => c.PadLeft(CellWidth)));
        text.AppendLine($"{name.PadRight(NameWidth)}{cells}  {remark}".TrimEnd());
    }
}
