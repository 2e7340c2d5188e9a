using System.Text.RegularExpressions;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>What a shell reads: where a URL stands, and where the model's words are put in.</summary>
internal static partial class CommandChecks
{
    /// <param name="subject">Whose command it is.</param>
    public static void Check(YamlNode? node, string subject, Findings findings)
    {
        if (node is not YamlNode.Scalar { Text: var command } || !PythonScalar.IsText(node))
            return;
        if (EnvReference.IsIn(command))
            findings.ReportAbout(HolmesRules.EnvInCommand, node.Position, subject);
        if (CurlCall().IsMatch(command) && !Timeout().IsMatch(command))
            findings.ReportAbout(HolmesRules.CurlWithoutTimeout, node.Position, subject);
        var quotes = new ShellQuotes(command);
        for (int i = 0; i < command.Length; i = quotes.Next(i))
        {
            if (ProblemAt(command, i, quotes) is { } rule)
                findings.ReportAbout(rule, node.Position, subject);
        }
    }

    private static HolmesRule? ProblemAt(string command, int at, ShellQuotes quotes)
    {
        ReadOnlySpan<char> rest = command.AsSpan(at);
        if (rest.StartsWith("{{") && quotes.Open is not null && !EnvReference.StartsAt(command, at))
            return HolmesRules.QuotedParameter;
        if (!rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return null;
        if (quotes.Open == ShellQuotes.Comment)
            return null;
        if (quotes.Open != '\'' || quotes.OpenedAt != at - 1)
            return HolmesRules.UrlNotQuoted;
        int end = rest.IndexOf('\'');
        return end > 0 && PlainUrl().IsMatch(rest[..end]) ? null : HolmesRules.UrlNotPlain;
    }

    /// <summary>
    /// Not that of the generator's type, though it says the same: what the generator takes for plain is checked here by somebody who
    /// does not believe it.
    /// </summary>
    [GeneratedRegex(@"\Ahttps?://[a-z0-9.-]+:[0-9]{1,5}(/[A-Za-z0-9._~/-]*)?\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex PlainUrl();

    [GeneratedRegex(@"(?<![\w/.-])curl\s", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex CurlCall();

    [GeneratedRegex(@"\s(--max-time|-m)[\s=]", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Timeout();
}
