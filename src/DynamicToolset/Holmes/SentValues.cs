using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>A header or a credential that cannot be sent.</summary>
/// <param name="Rule">What a file for HolmesGPT breaks with it.</param>
/// <param name="Name">The header, or the key of the credential.</param>
/// <param name="Subject">What it is, without a word of the text: <c>a header's value</c>.</param>
/// <param name="Reason">To be read after the subject; never the value.</param>
internal sealed record UnsentValue(HolmesRule Rule, YamlPosition Position, string Name, string Subject, string Reason);

/// <summary>What a config hands to a client of HTTP, at any depth.</summary>
internal static class SentValues
{
    /// <summary>What of it cannot be sent.</summary>
    public static IEnumerable<UnsentValue> ProblemsIn(YamlNode.Mapping config) => config.Entries.SelectMany(e => ProblemsIn(e.Key, e.Value));

    private static IEnumerable<UnsentValue> ProblemsIn(string key, YamlNode node) => node switch
    {
        YamlNode.Mapping headers when HttpHeader.AreUnder(key) => OfHeaders(headers),
        YamlNode.Mapping map => ProblemsIn(map).Concat(key == "auth" ? OfAuth(map) : []),
        YamlNode.Sequence list => list.Items.SelectMany(i => ProblemsIn(key, i)),
        YamlNode.Scalar text when CredentialText.ProblemWith(key, text.Text) is { } reason =>
            [new UnsentValue(HolmesRules.Credential, text.Position, key, "a credential", reason)],
        _ => [],
    };

    private static IEnumerable<UnsentValue> OfHeaders(YamlNode.Mapping headers)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. headers.Entries.SelectMany(h => OfHeader(h.Key, h.KeyPosition, h.Value, isFirst: names.Add(h.Key)))];
    }

    /// <summary>Of an endpoint of a toolset of type http: a header may be its credential.</summary>
    private static IEnumerable<UnsentValue> OfAuth(YamlNode.Mapping auth) =>
        auth["type"] is YamlNode.Scalar { Text: "header" } && auth["name"] is YamlNode.Scalar name ? OfHeader(name.Text, name.Position, auth["value"]) : [];

    private static IEnumerable<UnsentValue> OfHeader(string name, YamlPosition at, YamlNode? value, bool isFirst = true)
    {
        string? unusable = isFirst ? HttpHeader.ProblemWithName(name) : HttpHeader.IsThereTwice;
        string? unsent = value is YamlNode.Scalar { Text: var text } ? HttpHeader.ProblemWithValue(text) : null;
        UnsentValue?[] problems =
        [
            unusable is null ? null : new UnsentValue(HolmesRules.HeaderName, at, name, "a header's name", unusable),
            unsent is null ? null : new UnsentValue(HolmesRules.HeaderValue, value!.Position, name, "a header's value", unsent),
        ];
        return problems.OfType<UnsentValue>();
    }
}
