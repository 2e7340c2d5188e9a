using System.Globalization;
using System.Text.RegularExpressions;

namespace DynamicToolset.Yaml;

/// <summary>What PyYAML takes a scalar for.</summary>
public enum PythonKind
{
    Text,
    Null,
    Boolean,
    Whole,
    Real,
    Date,

    /// <summary>It looks like one of the others and is none: PyYAML refuses the text.</summary>
    Refused,
}

/// <summary>
/// Scalars as PyYAML resolves them (6.0, resolver.py and constructor.py: YAML 1.1 with exceptions of its own), and what pydantic makes of them in
/// its lax mode (https://docs.pydantic.dev/2.12/concepts/conversion_table).
/// </summary>
public static partial class PythonScalar
{
    /// <returns><see cref="PythonKind.Refused"/> for a list or a map.</returns>
    public static PythonKind KindOf(YamlNode node) => node is YamlNode.Scalar scalar ? KindOf(scalar.Text, scalar.IsPlain) : PythonKind.Refused;

    public static PythonKind KindOf(string text, bool isPlain)
    {
        if (!isPlain)
            return PythonKind.Text;
        if (text is "" or "~" or "null" or "Null" or "NULL")
            return PythonKind.Null;
        if (Boolean().IsMatch(text))
            return PythonKind.Boolean;
        if (Integer().IsMatch(text))
            return text.AsSpan().TrimStart("+-") is ['0', 'b' or 'x', .. var digits] && digits.Trim('_').IsEmpty ? PythonKind.Refused : PythonKind.Whole;
        if (Real().IsMatch(text))
            return PythonKind.Real;
        if (Date().Match(text) is { Success: true } date)
            return IsDay(date) ? PythonKind.Date : PythonKind.Refused;
        return text == "=" ? PythonKind.Refused : PythonKind.Text;
    }

    public static bool IsText(YamlNode? node) => node is not null && KindOf(node) == PythonKind.Text;

    public static bool IsNull(YamlNode? node) => node is null or YamlNode.Scalar { IsNull: true };

    /// <summary>Null for what becomes no boolean.</summary>
    public static bool? Flag(YamlNode? node) => node is not YamlNode.Scalar scalar ? null : (KindOf(scalar), scalar.Text.ToUpperInvariant()) switch
    {
        (PythonKind.Boolean or PythonKind.Text, "TRUE" or "YES" or "ON" or "T" or "Y" or "1") => true,
        (PythonKind.Boolean or PythonKind.Text, "FALSE" or "NO" or "OFF" or "F" or "N" or "0") => false,
        (PythonKind.Whole or PythonKind.Real, _) => Number(scalar) switch { 1 => true, 0 => false, _ => null },
        _ => null,
    };

    /// <summary>Null for what becomes no whole number.</summary>
    public static double? Number(YamlNode.Scalar scalar) => KindOf(scalar) switch
    {
        PythonKind.Boolean => Flag(scalar) == true ? 1 : 0,
        PythonKind.Whole => Value(scalar.Text.Replace("_", "", StringComparison.Ordinal)),
        PythonKind.Real when double.TryParse(scalar.Text.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out double real)
            && double.IsInteger(real) => real,
        PythonKind.Text when WholeNumber().IsMatch(scalar.Text) =>
            double.Parse(scalar.Text.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture),
        _ => null,
    };

    private static double Value(string digits) => digits switch
    {
        ['-', .. var rest] => -Value(rest),
        ['+', .. var rest] => Value(rest),
        ['0', 'x', .. var hex] => Based(hex, 16),
        ['0', 'b', .. var bits] => Based(bits, 2),
        ['0', .. var octal] => Based(octal, 8),
        // Hours, minutes and seconds.
        _ => digits.Split(':').Aggregate(0.0, (sum, part) => (sum * 60) + double.Parse(part, CultureInfo.InvariantCulture)),
    };

    private static double Based(string digits, int radix) => digits.Aggregate(0.0, (sum, d) => (sum * radix) + Convert.ToInt32(d.ToString(), 16));

    private static bool IsDay(Match date) =>
        int.Parse(date.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is > 0 and var year
        && int.Parse(date.Groups[2].ValueSpan, CultureInfo.InvariantCulture) is > 0 and <= 12 and var month
        && int.Parse(date.Groups[3].ValueSpan, CultureInfo.InvariantCulture) is > 0 and var day && day <= DateTime.DaysInMonth(year, month);

    [GeneratedRegex(@"\A(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Boolean();

    [GeneratedRegex(
        @"\A[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*(?::[0-5]?[0-9])*|0x[0-9a-fA-F_]+)\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Integer();

    [GeneratedRegex(
        @"\A(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z",
        RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Real();

    [GeneratedRegex(
        @"\A([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?<=\A[0-9]{4}-[0-9]{2}-[0-9]{2})|(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)\z",
        RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Date();

    /// <summary>As a text.</summary>
    [GeneratedRegex(@"\A\s*[-+]?[0-9]+(?:_[0-9]+)*(?:\.0+)?\s*\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex WholeNumber();
}
