namespace DynamicToolset.Bench.Figures;

/// <summary>One measured figure; the smaller the better.</summary>
/// <param name="Name">Unique and lasting: the base line knows it by this name.</param>
/// <param name="Must">What it may be at most; null where nothing is promised.</param>
/// <param name="Aim">What it is meant to be at most; null where nothing is.</param>
internal sealed record Figure(string Name, Unit Unit, double Value, double? Must = null, double? Aim = null)
{
    private const double Worse = 1.25;

    public bool BreaksMust => Value > Must;

    public bool MissesAim => Value > Aim;

    /// <summary>By a quarter, and by more than comes and goes from run to run.</summary>
    public bool IsWorseThan(double baseline) => Value > baseline * Worse && Value > baseline + Unit.Grain;
}
