using System.Buffers;
using System.Globalization;
using System.Text;

namespace DynamicToolset.Configuration;

/// <summary>
/// Durations in the notation of Go, which Kubernetes users know: <c>300ms</c>, <c>1m30s</c>, <c>1.5h</c>
/// (https://pkg.go.dev/time#ParseDuration). What Go accepts is accepted, except a minus sign: no setting is negative.
/// Values are counted in nanoseconds, as in Go, and then cut to the 100 ns that a <see cref="TimeSpan"/> can hold.
/// </summary>
public static class GoDuration
{
    private const int NanosecondsPerTick = 100;

    // More digits than these after a point are less than a nanosecond, even in hours.
    private const int SignificantFractionDigits = 18;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create(".0123456789");

    private static readonly (string Name, long Nanoseconds)[] Units =
    [
        ("h", 3_600_000_000_000),
        ("m", 60_000_000_000),
        ("s", 1_000_000_000),
        ("ms", 1_000_000),
        ("µs", 1_000), // U+00B5, the micro sign
        ("μs", 1_000), // U+03BC, the Greek letter
        ("us", 1_000),
        ("ns", 1),
    ];

    /// <summary>False for what Go refuses (no unit, an unknown unit, more than about 292 years) and for a minus sign.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        ReadOnlySpan<char> rest = text.StartsWith('+') ? text.AsSpan(1) : text;
        if (rest is "0")
            return true;
        if (rest.IsEmpty)
            return false;

        Int128 total = 0;
        while (!rest.IsEmpty)
        {
            if (!TryTakeTerm(ref rest, out Int128 nanoseconds))
                return false;
            total += nanoseconds;
            if (total > long.MaxValue)
                return false;
        }

        duration = new TimeSpan((long)total / NanosecondsPerTick);
        return true;
    }

    /// <summary>
    /// The shortest form that <see cref="TryParse"/> reads back as the same value: <c>5m</c> where Go prints <c>5m0s</c>,
    /// <c>0s</c>, <c>1h30m</c>, <c>1.5s</c>, <c>250ms</c>, <c>1.2µs</c>. A negative value starts with a minus sign.
    /// </summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        string sign = duration < TimeSpan.Zero ? "-" : "";
        Int128 nanoseconds = Int128.Abs((Int128)duration.Ticks * NanosecondsPerTick);
        return sign + (nanoseconds < 1_000_000_000 ? FormatBelowSecond((int)nanoseconds) : FormatFromSecond(nanoseconds));
    }

    /// <summary>A number with at most one point, and its unit: <c>1.5h</c>, <c>.5s</c>, <c>1.s</c>.</summary>
    private static bool TryTakeTerm(scoped ref ReadOnlySpan<char> rest, out Int128 nanoseconds)
    {
        nanoseconds = 0;
        ReadOnlySpan<char> whole = TakeDigits(ref rest);
        ReadOnlySpan<char> fraction = default;
        if (rest.StartsWith('.'))
        {
            rest = rest[1..];
            fraction = TakeDigits(ref rest);
        }

        if (whole.IsEmpty && fraction.IsEmpty)
            return false;
        if (!TryTakeUnit(ref rest, out long unit))
            return false;
        if (!TryReadWhole(whole, out long count))
            return false;
        nanoseconds = ((Int128)count * unit) + FractionOf(unit, fraction);
        return true;
    }

    private static ReadOnlySpan<char> TakeDigits(scoped ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = end < 0 ? rest : rest[..end];
        rest = rest[digits.Length..];
        return digits;
    }

    private static bool TryTakeUnit(scoped ref ReadOnlySpan<char> rest, out long nanoseconds)
    {
        nanoseconds = 0;
        int end = rest.IndexOfAny(NumberCharacters);
        ReadOnlySpan<char> name = end < 0 ? rest : rest[..end];
        foreach ((string unit, long length) in Units)
        {
            if (!name.SequenceEqual(unit))
                continue;
            nanoseconds = length;
            rest = rest[name.Length..];
            return true;
        }

        return false;
    }

    private static bool TryReadWhole(ReadOnlySpan<char> digits, out long count)
    {
        count = 0;
        return digits.IsEmpty || long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out count);
    }

    private static Int128 FractionOf(long unit, ReadOnlySpan<char> digits)
    {
        Int128 numerator = 0;
        Int128 denominator = 1;
        foreach (char digit in digits[..Math.Min(digits.Length, SignificantFractionDigits)])
        {
            numerator = (numerator * 10) + (digit - '0');
            denominator *= 10;
        }

        return numerator * unit / denominator;
    }

    private static string FormatBelowSecond(int nanoseconds) => nanoseconds switch
    {
        < 1_000 => FormattableString.Invariant($"{nanoseconds}ns"),
        < 1_000_000 => Decimal(nanoseconds, 1_000) + "µs",
        _ => Decimal(nanoseconds, 1_000_000) + "ms",
    };

    private static string FormatFromSecond(Int128 nanoseconds)
    {
        var text = new StringBuilder();
        Int128 minutes = nanoseconds / 60_000_000_000;
        Int128 remainder = nanoseconds % 60_000_000_000;
        if (minutes >= 60)
            text.Append(CultureInfo.InvariantCulture, $"{minutes / 60}h");
        if (minutes % 60 != 0)
            text.Append(CultureInfo.InvariantCulture, $"{minutes % 60}m");
        if (remainder != 0)
            text.Append(Decimal(remainder, 1_000_000_000)).Append('s');
        return text.ToString();
    }

    private static string Decimal(Int128 nanoseconds, int unit) =>
        ((decimal)nanoseconds / unit).ToString("0.#########", CultureInfo.InvariantCulture);
}
