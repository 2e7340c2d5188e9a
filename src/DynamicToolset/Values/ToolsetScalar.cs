using System.Globalization;
using DynamicToolset.Yaml;

namespace DynamicToolset.Values;

/// <summary>
/// What a plain scalar means. The readers of the result, and <c>kubectl</c>, take YAML 1.1: an admin who writes <c>verify: no</c> means
/// false. So the booleans are those of YAML 1.1 (https://yaml.org/type/bool.html, without the single letters, which no reader takes),
/// and what is a number in one version of YAML only (<c>012</c>, <c>1:30</c>, <c>0o7</c>) stays the text it is.
/// </summary>
internal static class ToolsetScalar
{
    private const NumberStyles Scientific = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public static ToolsetValue Read(YamlNode.Scalar scalar)
    {
        if (scalar.IsNull)
            return new ToolsetValue.Nothing();
        if (!scalar.IsPlain)
            return new ToolsetValue.Text(scalar.Text);
        if (ReadFlag(scalar.Text) is bool flag)
            return new ToolsetValue.Flag(flag);
        return ReadDigits(scalar.Text) is string digits ? new ToolsetValue.Number(digits) : new ToolsetValue.Text(scalar.Text);
    }

    private static bool? ReadFlag(string text) => text switch
    {
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    /// <summary>Decimal numbers alone: an optional minus, no leading zero. Null for any other text.</summary>
    private static string? ReadDigits(string text)
    {
        ReadOnlySpan<char> digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        if (digits.IsEmpty || !char.IsAsciiDigit(digits[0]) || (digits.Length > 1 && digits[0] == '0' && digits[1] != '.'))
            return null;
        if (!digits.ContainsAnyExceptInRange('0', '9'))
            return text;
        return IsDecimalFraction(digits) ? text : ReadExponent(text);
    }

    private static bool IsDecimalFraction(ReadOnlySpan<char> digits)
    {
        int dot = digits.IndexOf('.');
        return dot > 0
            && !digits[..dot].ContainsAnyExceptInRange('0', '9')
            && dot < digits.Length - 1
            && !digits[(dot + 1)..].ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>
    /// YAML 1.1 wants a dot and a sign where 1.2 wants neither: <c>1e3</c> is written as <c>1000.0</c>. Null where written out it would
    /// be another number: <c>1e-30</c> must not become zero.
    /// </summary>
    private static string? ReadExponent(string text)
    {
        if (!decimal.TryParse(text, Scientific, CultureInfo.InvariantCulture, out decimal value)
            || (double)value != double.Parse(text, Scientific, CultureInfo.InvariantCulture))
        {
            return null;
        }

        string digits = value.ToString(CultureInfo.InvariantCulture);
        return digits.Contains('.', StringComparison.Ordinal) ? digits : digits + ".0";
    }
}
