using System.Text.RegularExpressions;

namespace DynamicToolset.Holmes;

/// <summary>What a client of HTTP sends as a credential: as it is in a header, or encoded, as a user and a password. No problem has the value in it.</summary>
internal static partial class CredentialText
{
    /// <summary>Null where the key means no credential, or the text can be sent; else why not, to be read after what has the value.</summary>
    public static string? ProblemWith(string key, string text)
    {
        if (InAHeader().IsMatch(key))
            return HttpHeader.ProblemWithValue(text);
        if (!Encoded().IsMatch(key))
            return null;
        if (text.Any(char.IsControl))
            return "has a line break or another control character, which is not allowed in a credential";
        // Basic authentication, https://www.rfc-editor.org/rfc/rfc7617#section-2; HolmesGPT's clients encode it as Latin-1.
        if (text.Any(c => c > '\u00FF'))
            return "has a character beyond Latin-1, such as a typographic quote, which is not allowed in a credential";
        return key == "username" && text.Contains(':') ? "has a colon, which would end the user name" : null;
    }

    [GeneratedRegex("(api[_-]?key|app[_-]?key|token|bearer|authorization)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTimeout.None)]
    private static partial Regex InAHeader();

    [GeneratedRegex("(user|username|password|secret|access_key)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTimeout.None)]
    private static partial Regex Encoded();
}
