using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DynamicToolset.Values;

namespace DynamicToolset.Service.Api;

/// <summary>A toolset's configuration as it may be shown: secrets are meant to be references, but nothing keeps an admin from writing one.</summary>
internal static partial class RedactedConfig
{
    public const string Redacted = "<redacted>";

    private static readonly string[] SecretEndings =
        ["key", "token", "password", "passwd", "pwd", "secret", "auth", "authorization", "bearer", "header", "credential", "cookie"];

    public static JsonObject Of(ToolsetValue.Map config) => OfMap(config, isSecret: false);

    private static JsonObject OfMap(ToolsetValue.Map map, bool isSecret)
    {
        var shown = new JsonObject();
        // As in lists of headers and variables: a name, and next to it the value.
        bool isNamedSecret = map["name"] is ToolsetValue.Text { Value: var name } && IsSecret(name);
        foreach ((string key, ToolsetValue value) in map.Entries)
            shown[key] = Of(value, isSecret || IsSecret(key) || (isNamedSecret && key == "value"));
        return shown;
    }

    private static JsonNode? Of(ToolsetValue value, bool isSecret) => value switch
    {
        ToolsetValue.Map map => OfMap(map, isSecret),
        ToolsetValue.List list => new JsonArray([.. list.Items.Select(item => Of(item, isSecret))]),
        ToolsetValue.Text { Value: var text } => isSecret && !Reference.IsMatch(text) ? Redacted : WithoutCredentials(text),
        ToolsetValue.Nothing => null,
        _ when isSecret => Redacted,
        ToolsetValue.Flag { Value: var flag } => flag,
        // As it is written, and not as a double would have it.
        ToolsetValue.Number { Digits: var digits } => JsonNode.Parse(digits),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Also within longer words, and in the plural: apiKeys, client_secret, "key ".</summary>
    private static bool IsSecret(string key)
    {
        string word = string.Concat(key.Where(char.IsLetter)).TrimEnd('s', 'S');
        return SecretEndings.Any(ending => word.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }

    private static string WithoutCredentials(string text) =>
        Scheme.Replace(Query.Replace(UserInfo.Replace(text, $"://{Redacted}@"), $"$1{Redacted}"), $"$1 {Redacted}");

    /// <summary>To a variable, whole: what has a default value may have a secret in it.</summary>
    [GeneratedRegex(@"\A\$\{[A-Za-z_][A-Za-z0-9_]*\}\z")]
    private static partial Regex Reference { get; }

    [GeneratedRegex(@"(://[^?#\s]*[?#])[^\s'""]+")]
    private static partial Regex Query { get; }

    [GeneratedRegex(@"\b(Bearer|Basic)\s+[^\s'""]+", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme { get; }

    [GeneratedRegex(@"://[^/?#@\s]*@")]
    private static partial Regex UserInfo { get; }
}
