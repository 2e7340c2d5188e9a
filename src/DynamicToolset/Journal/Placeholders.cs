using System.Globalization;
using System.Text.RegularExpressions;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Values;

namespace DynamicToolset.Journal;

/// <summary>
/// Puts a number in the place of each secret: the same for the same one, so that what was equal stays equal. Beside it stands what kinds of characters
/// there were, and the names of variables, since these decide what HolmesGPT is given; nothing else of the secret does.
/// </summary>
internal sealed partial class Placeholders : IRedactor
{
    /// <summary>A number in the place of a number has as many digits as any that is counted.</summary>
    private const int FirstNumber = 100_000;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>A flag, one of two, is kept: whether it is one decides.</summary>
    public ToolsetValue Value(ToolsetValue secret) => secret switch
    {
        ToolsetValue.Text { Value: var text } => new ToolsetValue.Text(Text(text)),
        ToolsetValue.Number { Digits: var digits } when IsNumber(digits) => new ToolsetValue.Number(string.Create(CultureInfo.InvariantCulture, $"{FirstNumber + NumberOf(digits)}")),
        // A word of a rule, as it stands there without quotes.
        ToolsetValue.Number { Digits: var word } => new ToolsetValue.Text(Text(word)),
        _ => secret,
    };

    public string Text(string secret)
    {
        // In one of our texts and in the one for HolmesGPT the same variable is written in two ways.
        string text = HolmesReference.Replace(secret, "$${$1}");
        if (text.Length == 0 || text == Shortfall.NoTenant || HarmlessReference.IsMatch(text))
            return secret;
        string rest = DollarReference.Replace(text, "");
        string prefix = ConfigValueChecks.IsSecret("", $"?{text}") ? "token=" : "";
        return $"{prefix}redacted-{NumberOf(text)}{KindsIn(rest)}{string.Concat(References.Matches(secret).Select(m => $" {m.Value}"))}{(rest.EndsWith(' ') ? " " : "")}";
    }

    /// <summary>A text that nobody has to read, as long as it was where there is room: sizes decide too.</summary>
    public string Whole(string text, int bytes) => $"# redacted-{NumberOf(text)} ".PadRight(bytes);

    private int NumberOf(string secret)
    {
        if (!_numbers.TryGetValue(secret, out int number))
            _numbers.Add(secret, number = _numbers.Count + 1);
        return number;
    }

    private static bool IsNumber(string digits) => digits.All(c => char.IsAsciiDigit(c) || c is '.' or '-');

    private static string KindsIn(string rest)
    {
        string kinds = "";
        if (rest.Contains(':'))
            kinds += ":x";
        if (rest.Contains("${", StringComparison.Ordinal) || rest.Contains("{{", StringComparison.Ordinal))
            kinds += "{{";
        else if (rest.AsSpan().ContainsAny("$`'\"{}") || TextChecks.HasTemplate(rest) || TextChecks.HasFile(rest))
            kinds += "'";
        if (rest.Any(char.IsControl))
            kinds += "\t";
        return kinds + (rest.Any(c => c > '\u00FF') ? "\u2019" : rest.Any(c => c > '~') ? "\u00E9" : "");
    }

    [GeneratedRegex(@"\A(?:(?:Basic|Bearer|ApiKey) )?\$\{[A-Za-z_][A-Za-z0-9_]*\}\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex HarmlessReference { get; }

    [GeneratedRegex(@"\{\{ env\.([A-Za-z_][A-Za-z0-9_]*) \}\}", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex HolmesReference { get; }

    [GeneratedRegex(@"\$\{[A-Za-z_][A-Za-z0-9_]*\}", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex DollarReference { get; }

    [GeneratedRegex(@"\$\{[A-Za-z_][A-Za-z0-9_]*\}|\{\{ env\.[A-Za-z_][A-Za-z0-9_]* \}\}", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex References { get; }
}
