using System.Text.RegularExpressions;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Messages;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>
/// What a credential plugin says of its failure, for messages and logs. It deals with secrets and may say them: what it was given, what it has
/// printed, and what looks like a token is left out. Whoever needs all of it runs the plugin by hand.
/// </summary>
internal static partial class PluginComplaint
{
    private const int Longest = 300;
    private const int ShortestSecret = 4;
    private const int ShortestPrinted = 8;
    private const int ShortestToken = 16;
    private const string Mask = "<redacted>";

    /// <returns>The first line; empty where it said nothing.</returns>
    public static string Of(string said, ExecPlugin plugin, string printed)
    {
        string line = said.Trim().Split('\n')[0].Trim();
        IEnumerable<string> secrets = plugin.Environment.Select(e => e.Value).Concat(SecretArguments(plugin))
            .Where(s => s.Length >= ShortestSecret)
            .Concat(Word().Matches(printed).Select(m => m.Value).Where(w => w.Length >= ShortestPrinted));
        foreach (string secret in secrets.OrderByDescending(s => s.Length))
            line = line.Replace(secret, Mask, StringComparison.Ordinal);
        return QuotedText.OnOneLine(Word().Replace(line, m => IsToken(m.Value) ? Mask : m.Value), Longest);
    }

    /// <summary>As in <c>--client-secret=x</c> and <c>--client-secret x</c>.</summary>
    private static IEnumerable<string> SecretArguments(ExecPlugin plugin)
    {
        string before = "";
        foreach (string argument in plugin.Arguments)
        {
            if (IsSecretFlag(before))
                yield return argument;
            string[] sides = argument.Split('=', 2);
            if (sides.Length == 2 && IsSecretFlag(sides[0]))
                yield return sides[1];
            before = argument;
        }
    }

    private static bool IsSecretFlag(string flag) => flag.StartsWith('-') && SecretName().IsMatch(flag);

    /// <summary>Long, of letters and digits, and neither a path nor an address.</summary>
    private static bool IsToken(string word) =>
        word.Length >= ShortestToken && word.Any(char.IsAsciiDigit) && word.Any(char.IsAsciiLetter)
        && !word.StartsWith('/') && !word.Contains("://", StringComparison.Ordinal)
        && !(word.Contains('.', StringComparison.Ordinal) && !word.Any(char.IsAsciiLetterUpper));

    [GeneratedRegex("""[^\s"'`,;(){}<>\[\]]+""")]
    private static partial Regex Word();

    [GeneratedRegex("secret|token|password|key", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
