using System.Globalization;

namespace DynamicToolset.Messages;

/// <summary>The limit of one kind of input. Each is declared once, next to what it limits; docs/bounds.md lists all.</summary>
/// <param name="Input">What it is a part of, for a person.</param>
/// <param name="Most">So much is still taken.</param>
/// <param name="Unit">What is counted, in the plural, as written after the number. Sizes begin with <c>bytes</c>.</param>
/// <param name="Beyond">What becomes of an input with more.</param>
public sealed record Bound(string Input, long Most, string Unit, string Beyond)
{
    private const string Bytes = "bytes";
    private const long KiB = 1024;
    private const long MiB = 1024 * KiB;

    public bool IsSize => Unit.StartsWith(Bytes, StringComparison.Ordinal);

    /// <summary>For a message: "more than <c>64 labels</c>", "more than <c>1 MiB</c>".</summary>
    public override string ToString() => Most switch
    {
        >= MiB when IsSize && Most % MiB == 0 => Format(Most / MiB, "MiB" + Unit[Bytes.Length..]),
        >= KiB when IsSize && Most % KiB == 0 => Format(Most / KiB, "KiB" + Unit[Bytes.Length..]),
        _ => Format(Most, Unit),
    };

    private static string Format(long amount, string unit) => string.Create(CultureInfo.InvariantCulture, $"{amount:#,0} {unit}");
}
