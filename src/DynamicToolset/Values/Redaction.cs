using System.Text.RegularExpressions;

namespace DynamicToolset.Values;

/// <summary>What is shown in place of a secret.</summary>
public interface IRedactor
{
    /// <param name="secret">A text, a number or a flag that is secret as a whole.</param>
    ToolsetValue Value(ToolsetValue secret);

    /// <param name="secret">The secret part of a text.</param>
    string Text(string secret);

    /// <summary>Every other text, number or flag: without credentials in URLs and behind <c>Bearer</c> and <c>Basic</c>.</summary>
    /// <param name="key">The key nearest above it.</param>
    ToolsetValue Other(string key, ToolsetValue value) =>
        value is ToolsetValue.Text { Value: var text } ? new ToolsetValue.Text(Redaction.WithoutCredentials(text, this)) : value;
}

/// <summary>Removes the secrets from a configuration: they should be references, but an admin can write them in plain text.</summary>
public static partial class Redaction
{
    private static readonly string[] SecretEndings =
        ["key", "token", "password", "passwd", "pwd", "secret", "auth", "authorization", "bearer", "header", "credential", "cookie"];

    public static ToolsetValue.Map Of(ToolsetValue.Map config, IRedactor redactor) => Of(config, redactor, isSecret: false);

    /// <summary>All values in it are secret, whatever their keys are.</summary>
    internal static ToolsetValue OfSecret(ToolsetValue value, IRedactor redactor) => Of("", value, redactor, isSecret: true);

    private static ToolsetValue.Map Of(ToolsetValue.Map map, IRedactor redactor, bool isSecret)
    {
        // As in lists of headers and variables: a name, and next to it the value.
        bool isNamedSecret = map["name"] is ToolsetValue.Text { Value: var name } && IsSecret(name);
        return new(
        [
            .. map.Entries.Select(e => KeyValuePair.Create(
                e.Key, Of(e.Key, e.Value, redactor, isSecret || IsSecret(e.Key) || (isNamedSecret && e.Key == "value")))),
        ]);
    }

    private static ToolsetValue Of(string key, ToolsetValue value, IRedactor redactor, bool isSecret) => value switch
    {
        ToolsetValue.Map map => Of(map, redactor, isSecret),
        ToolsetValue.List list => new ToolsetValue.List([.. list.Items.Select(item => Of(key, item, redactor, isSecret))]),
        ToolsetValue.Nothing => value,
        ToolsetValue.Text { Value: var text } when Reference.IsMatch(text) => value,
        _ => isSecret ? redactor.Value(value) : redactor.Other(key, value),
    };

    /// <summary>Also within longer words, and in the plural: apiKeys, client_secret, "key ".</summary>
    private static bool IsSecret(string key)
    {
        string word = string.Concat(key.Where(char.IsLetter)).TrimEnd('s', 'S');
        return SecretEndings.Any(ending => word.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }

    internal static string WithoutCredentials(string text, IRedactor redactor)
    {
        text = UserInfo.Replace(text, m => $"://{redactor.Text(m.Groups[1].Value)}@");
        text = Query.Replace(text, m => m.Groups[1].Value + redactor.Text(m.Groups[2].Value));
        return Scheme.Replace(text, m => $"{m.Groups[1].Value} {redactor.Text(m.Groups[2].Value)}");
    }

    /// <summary>To a variable, whole: what has a default value may have a secret in it.</summary>
    [GeneratedRegex(@"\A\$\{[A-Za-z_][A-Za-z0-9_]*\}\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Reference { get; }

    [GeneratedRegex(@"(://[^?#\s]*[?#])([^\s'""]+)", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Query { get; }

    [GeneratedRegex(@"\b(Bearer|Basic)\s+([^\s'""]+)", RegexOptions.IgnoreCase, Timeout.Infinite)]
    private static partial Regex Scheme { get; }

    [GeneratedRegex(@"://([^/?#@\s]*)@", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex UserInfo { get; }
}
