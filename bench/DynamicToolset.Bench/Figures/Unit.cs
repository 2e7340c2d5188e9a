using System.Globalization;

namespace DynamicToolset.Bench.Figures;

/// <summary>How a figure is printed, and how small a difference means nothing.</summary>
/// <param name="Digits">After the point.</param>
/// <param name="Grain">In the unit; what comes and goes from run to run on a quiet machine.</param>
internal sealed record Unit(string Name, int Digits, double Grain)
{
    public static Unit Milliseconds { get; } = new("ms", 1, 2);

    public static Unit MiB { get; } = new("MiB", 1, 1);

    /// <summary>Of one processor core; a tick of 10 ms in the idle window is 0.0004.</summary>
    public static Unit Cores { get; } = new("core", 4, 0.0008);

    public static Unit Requests { get; } = new("", 0, 1);

    /// <summary>A dash where there is none.</summary>
    public string Print(double? value) => value is { } known ? WithName(known.ToString($"F{Digits}", CultureInfo.InvariantCulture)) : "-";

    /// <summary>A limit is a round number, but for one that was measured.</summary>
    public string PrintLimit(double? limit) =>
        limit is { } known ? WithName(Round(known).ToString("0.####", CultureInfo.InvariantCulture)) : "-";

    public double Round(double value) => Math.Round(value, Digits, MidpointRounding.AwayFromZero);

    private string WithName(string number) => $"{number} {Name}".TrimEnd();
}
