using System.Text.RegularExpressions;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>Checks what a shell reads: where URLs are, and where text from the model is inserted.</summary>
internal static partial class CommandChecks
{
    /// <param name="subject">Whose command it is.</param>
    public static void Check(YamlNode? node, string subject, Findings findings)
    {
        if (node is not YamlNode.Scalar { Text: var command } || !PythonScalar.IsText(node))
            return;
        string[] quoted = [.. Quoted().Matches(command).Select(m => m.Value).Where(q => q[0] != '\\')];
        IEnumerable<string> read = quoted.Where(q => q[0] != '#').Prepend(Quoted().Replace(command, " "));
        ReportIf(EnvReference.IsIn(command), HolmesRules.EnvInCommand);
        ReportIf(CurlCall().IsMatch(command) && !Timeout().IsMatch(command), HolmesRules.CurlWithoutTimeout);
        ReportIf(quoted.Any(q => EnvReference.WithoutAll(q).Contains("{{", StringComparison.Ordinal)), HolmesRules.QuotedParameter);
        ReportIf(read.Any(BareUrl().IsMatch), HolmesRules.UrlNotQuoted);
        ReportIf(quoted.Any(q => QuotedUrl().IsMatch(q) && !QuotedPlainUrl().IsMatch(q)), HolmesRules.UrlNotPlain);

        void ReportIf(bool isBroken, HolmesRule rule)
        {
            if (isBroken)
                findings.ReportAbout(rule, node.Position, subject);
        }
    }

    /// <summary>
    /// What a POSIX shell does not take apart (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html, 2.2): a character after a
    /// backslash, both quotes, comments. A letter after a backslash is that letter, and may begin a URL. What stands in <c>$( )</c> is read as if
    /// it stood outside.
    /// </summary>
    [GeneratedRegex("""\\[^A-Za-z]|'[^']*'?|"(?:\\[^A-Za-z]|[^"])*"?|(?<!\S)#[^\n]*""", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?<!\A')https?://", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTimeout.None)]
    private static partial Regex BareUrl();

    [GeneratedRegex(@"\A'https?://", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTimeout.None)]
    private static partial Regex QuotedUrl();

    /// <summary>
    /// Not that of the generator's type, though it says the same: what the generator takes for plain is checked here by somebody who
    /// does not believe it.
    /// </summary>
    [GeneratedRegex(@"\A'https?://[a-z0-9.-]+:[0-9]{1,5}(/[A-Za-z0-9._~/-]*)?'\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex QuotedPlainUrl();

    [GeneratedRegex(@"(?<![\w/.-])curl\s", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex CurlCall();

    [GeneratedRegex(@"\s(--max-time|-m)[\s=]", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Timeout();
}
