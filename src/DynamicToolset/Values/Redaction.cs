using System.Text.RegularExpressions;

namespace DynamicToolset.Values;

/// <summary>What stands in the place of a secret.</summary>
public interface IRedactor
{
    /// <param name="secret">A text, a number or a flag that is a secret as a whole.</param>
    ToolsetValue Value(ToolsetValue secret);

    /// <param name="secret">The part of a text that is one.</param>
    string Text(string secret);
}

/// <summary>Takes the secrets out of a configuration: they are meant to be references, but nothing keeps an admin from writing one.</summary>
public static partial class Redaction
{
    private static readonly string[] SecretEndings =
        ["key", "token", "password", "passwd", "pwd", "secret", "auth", "authorization", "bearer", "header", "credential", "cookie"];

    /// <param name="isSecret">True where all in it is secret, whatever it is called.</param>
    public static ToolsetValue.Map Of(ToolsetValue.Map map, IRedactor redactor, bool isSecret = false)
    {
        // As lists of headers and variables have them: a name, and beside it the value.
        bool isNamedSecret = map["name"] is ToolsetValue.Text { Value: var name } && IsSecret(name);
        return new(
        [
            .. map.Entries.Select(e => KeyValuePair.Create(
                e.Key, Of(e.Value, redactor, isSecret || IsSecret(e.Key) || (isNamedSecret && e.Key == "value")))),
        ]);
    }

    /// <summary>A reference to a variable, whole: what has a default value may have a secret in it.</summary>
    internal static bool IsReference(string text) => Reference.IsMatch(text);

    internal static ToolsetValue Of(ToolsetValue value, IRedactor redactor, bool isSecret) => value switch
    {
        ToolsetValue.Map map => Of(map, redactor, isSecret),
        ToolsetValue.List list => new ToolsetValue.List([.. list.Items.Select(item => Of(item, redactor, isSecret))]),
        ToolsetValue.Nothing => value,
        ToolsetValue.Text { Value: var text } when Reference.IsMatch(text) => value,
        _ when isSecret => redactor.Value(value),
        ToolsetValue.Text { Value: var text } => new ToolsetValue.Text(WithoutCredentials(text, redactor)),
        _ => value,
    };

    /// <summary>Whatever stands around the word, and in the plural too: apiKeys, client_secret, "key ".</summary>
    private static bool IsSecret(string key)
    {
        string word = string.Concat(key.Where(char.IsLetter)).TrimEnd('s', 'S');
        return SecretEndings.Any(ending => word.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }

    private static string WithoutCredentials(string text, IRedactor redactor)
    {
        text = UserInfo.Replace(text, m => $"://{redactor.Text(m.Groups[1].Value)}@");
        text = Query.Replace(text, m => m.Groups[1].Value + redactor.Text(m.Groups[2].Value));
        return Scheme.Replace(text, m => $"{m.Groups[1].Value} {redactor.Text(m.Groups[2].Value)}");
    }

    [GeneratedRegex(@"\A\$\{[A-Za-z_][A-Za-z0-9_]*\}\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Reference { get; }

    [GeneratedRegex(@"(://[^?#\s]*[?#])([^\s'""]+)", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Query { get; }

    [GeneratedRegex(@"\b(Bearer|Basic)\s+([^\s'""]+)", RegexOptions.IgnoreCase, Timeout.Infinite)]
    private static partial Regex Scheme { get; }

    [GeneratedRegex(@"://([^/?#@\s]*)@", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex UserInfo { get; }
}
