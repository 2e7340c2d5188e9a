using System.Globalization;
using DynamicToolset.Yaml;

namespace DynamicToolset.Manifests;

/// <summary>What kubectl takes a value for.</summary>
public enum ManifestScalarKind
{
    Nothing,

    Text,

    Flag,

    Number,
}

/// <summary>
/// What kubectl makes of a scalar before the API server sees it. It goes by YAML 1.1 (https://yaml.org/type/), with the single letters for booleans,
/// and writes numbers anew in decimal: <c>0x1F</c>, <c>0o17</c>, <c>012</c>, <c>1_000</c> and <c>1e3</c> are numbers. Times, and numbers of base 60, are
/// texts. [Tried with kubectl 1.32.]
/// </summary>
public static class ManifestScalar
{
    private const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public static ManifestScalarKind KindOf(YamlNode.Scalar scalar)
    {
        if (scalar.IsNull)
            return ManifestScalarKind.Nothing;
        if (!scalar.IsPlain)
            return ManifestScalarKind.Text;
        if (IsFlag(scalar.Text))
            return ManifestScalarKind.Flag;
        return NumberIn(scalar.Text) is null ? ManifestScalarKind.Text : ManifestScalarKind.Number;
    }

    /// <summary>Null where it is no whole number, or one in quotes.</summary>
    public static int? IntegerIn(YamlNode.Scalar scalar)
    {
        double? number = scalar.IsPlain ? NumberIn(scalar.Text) : null;
        return number is >= int.MinValue and <= int.MaxValue && number == Math.Floor(number.Value) ? (int)number.Value : null;
    }

    private static bool IsFlag(string text) => text is
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y"
        or "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N";

    private static double? NumberIn(string text)
    {
        if (text.Length == 0 || !(char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.'))
            return null;
        string plain = text.Replace("_", "", StringComparison.Ordinal);
        int sign = plain.Length > 0 && plain[0] is '+' or '-' ? 1 : 0;
        if (plain.AsSpan(sign) is ".inf" or ".Inf" or ".INF" or ".nan" or ".NaN" or ".NAN")
            return double.NaN;
        return InBase(plain.AsSpan(sign)) is double whole ? (plain[0] == '-' ? -whole : whole) : InDecimal(plain);
    }

    /// <summary>Null where it has no prefix of a base: a zero alone is that of base 8.</summary>
    private static double? InBase(ReadOnlySpan<char> digits)
    {
        if (digits.Length < 2 || digits[0] != '0')
            return null;
        return digits[1] switch
        {
            'x' or 'X' => Parse(digits[2..], 16),
            'o' or 'O' => Parse(digits[2..], 8),
            'b' or 'B' => Parse(digits[2..], 2),
            _ => Parse(digits[1..], 8),
        };
    }

    private static double? Parse(ReadOnlySpan<char> digits, int numberBase)
    {
        double value = 0;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : numberBase;
            if (digit >= numberBase)
                return null;
            value = (value * numberBase) + digit;
        }

        return digits.IsEmpty || value > ulong.MaxValue ? null : value;
    }

    private static double? InDecimal(string plain) =>
        plain.AsSpan().ContainsAnyInRange('0', '9') && double.TryParse(plain, Decimal, CultureInfo.InvariantCulture, out double value)
        && double.IsFinite(value)
            ? value
            : null;
}
