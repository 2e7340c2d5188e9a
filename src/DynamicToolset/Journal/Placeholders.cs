using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Values;

namespace DynamicToolset.Journal;

/// <summary>
/// Puts a number in place of each secret: the same for the same one, so that what was equal stays equal. Next to it stands which kinds of characters
/// the secret has, and the names of variables, because these decide what HolmesGPT is given; nothing else of the secret does.
/// </summary>
internal sealed partial class Placeholders
{
    /// <summary>A number in place of a number has six digits, as many as any that is counted.</summary>
    private const int FirstNumber = 100_000;

    /// <summary>In characters. A longer text may exceed a limit of HolmesGPT's, so its placeholder is as long; and only its hash is remembered.</summary>
    private const int Long = 256;

    /// <summary>HolmesGPT rejects a number with more digits.</summary>
    private const int MostDigits = 9;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>A flag is kept: it has two values, and which one it is decides.</summary>
    public ToolsetValue Value(ToolsetValue secret) => secret switch
    {
        ToolsetValue.Text { Value: var text } => new ToolsetValue.Text(Text(text)),
        ToolsetValue.Number { Digits: var digits } when IsNumber(digits) => new ToolsetValue.Number(NumberFor(digits)),
        // A word of a rule, as it is written there without quotes.
        ToolsetValue.Number { Digits: var word } when IsSwitch(word) => secret,
        ToolsetValue.Number { Digits: var word } => new ToolsetValue.Text(Text(word)),
        _ => secret,
    };

    public string Text(string secret)
    {
        if (secret.Length == 0 || secret == Shortfall.NoTenant || HarmlessReference.IsMatch(secret))
            return secret;
        string rest = References.Replace(secret, "");
        string start = secret.StartsWith(' ') ? " " : "", end = secret.EndsWith(' ') ? " " : "";
        string prefix = ConfigValueChecks.IsSecret("", $"?{secret}") ? "token=" : "";
        string asUrl = ConfigValueChecks.IsSecret("", secret) ? "?token=x" : "";
        string text = $"{start}{prefix}redacted-{NumberOf(secret)}{KindsIn(rest)}{asUrl}{string.Concat(References.Matches(secret).Select(m => $" {m.Value}"))}";
        return (secret.Length > Long ? text.PadRight(secret.Length - end.Length, 'x') : text) + end;
    }

    /// <summary>A comment in YAML instead of a text that is not shown; as long as that was if possible, because sizes decide too.</summary>
    /// <param name="bytes">Of what is not shown.</param>
    public string Whole(string text, int bytes) => $"# redacted-{NumberOf(text)} ".PadRight(Math.Max(bytes, 0));

    /// <summary>Instead of the value of a label, a selector or an annotation. It is no name, no path and no URL.</summary>
    public string Hidden(string value) => value.Length == 0 ? value : $"<redacted-{NumberOf(value)}>";

    /// <summary>Instead of the query of a request: it has only characters that a query may have.</summary>
    public string Query(string query) => query.Length == 0 ? query : $"redacted-{NumberOf(query)}";

    /// <summary>Instead of a part of a URL, behind its host.</summary>
    /// <param name="isPath">A path may hold fewer characters than a query.</param>
    public string InUrl(string part, bool isPath)
    {
        string text = Text(part);
        if (text == part || KindsIn(References.Replace(part, "")).Length > 0)
            return text;
        return text + (!LinkCharacters.IsMatch(part) ? "|" : !isPath || PlainPath.IsMatch(part) ? "" : PathCharacters.IsMatch(part) ? "!" : "&");
    }

    private string NumberFor(string digits)
    {
        string number = (FirstNumber + NumberOf(digits)).ToString(CultureInfo.InvariantCulture);
        return digits.Length <= MostDigits && digits.All(char.IsAsciiDigit) ? number : $"{number}.5";
    }

    private int NumberOf(string secret)
    {
        string key = secret.Length <= Long ? secret : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        if (!_numbers.TryGetValue(key, out int number))
            _numbers.Add(key, number = _numbers.Count + 1);
        return number;
    }

    public static bool IsNumber(string digits) => digits.Any(char.IsAsciiDigit) && digits.All(c => char.IsAsciiDigit(c) || c is '.' or '-');

    /// <summary>A word that YAML takes for a flag or for nothing.</summary>
    public static bool IsSwitch(string word) => word.ToLowerInvariant() is "true" or "false" or "yes" or "no" or "on" or "off" or "null" or "~";

    private static string KindsIn(string rest)
    {
        string kinds = "";
        if (rest.Contains(':'))
            kinds += ":x";
        if (rest.Contains("${", StringComparison.Ordinal) || rest.Contains("{{", StringComparison.Ordinal))
            kinds += "{{";
        else if (rest.AsSpan().ContainsAny("$`'\"") || TextChecks.HasTemplate(rest) || TextChecks.HasFile(rest))
            kinds += "'";
        if (rest.AsSpan().ContainsAny('{', '}') && !kinds.EndsWith('{'))
            kinds += rest.Contains('{') ? "{" : "}";
        if (rest.Any(char.IsControl))
            kinds += "\t";
        return kinds + (rest.Any(c => c > '\u00FF') ? "\u2019" : rest.Any(c => c > '~') ? "\u00E9" : "");
    }

    [GeneratedRegex(@"\A(?:(?:Basic|Bearer|ApiKey) )?\$\{[A-Za-z_][A-Za-z0-9_]*\}\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex HarmlessReference { get; }

    [GeneratedRegex(@"\$\{[A-Za-z_][A-Za-z0-9_]*\}|\{\{ env\.[A-Za-z_][A-Za-z0-9_]* \}\}", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex References { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9._~:/?#\[\]@!&()*+,;=%-]*\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex LinkCharacters { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9._~:/\[\]!()*+,;=%-]*\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex PathCharacters { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9._~/-]*\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex PlainPath { get; }
}
