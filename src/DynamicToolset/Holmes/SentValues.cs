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

    private static List<UnsentValue> OfHeaders(YamlNode.Mapping headers)
    {
        var problems = new List<UnsentValue>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (YamlEntry header in headers.Entries)
        {
            string? reason = names.Add(header.Key) ? HttpHeader.ProblemWithName(header.Key) : HttpHeader.IsThereTwice;
            if (reason is not null)
                problems.Add(Name(header.Key, header.KeyPosition, reason));
            problems.AddRange(ProblemsWithValue(header.Key, header.Value));
        }

        return problems;
    }

    /// <summary>Of an endpoint of a toolset of type http: a header may be its credential.</summary>
    private static IEnumerable<UnsentValue> OfAuth(YamlNode.Mapping auth)
    {
        if (auth["type"] is not YamlNode.Scalar { Text: "header" } || auth["name"] is not YamlNode.Scalar name)
            return [];
        IEnumerable<UnsentValue> problems = ProblemsWithValue(name.Text, auth["value"]);
        return HttpHeader.ProblemWithName(name.Text) is { } reason ? problems.Prepend(Name(name.Text, name.Position, reason)) : problems;
    }

    private static UnsentValue Name(string name, YamlPosition position, string reason) =>
        new(HolmesRules.HeaderName, position, name, "a header's name", reason);

    private static IEnumerable<UnsentValue> ProblemsWithValue(string name, YamlNode? value) =>
        value is YamlNode.Scalar { Text: var text } && HttpHeader.ProblemWithValue(text) is { } reason
            ? [new UnsentValue(HolmesRules.HeaderValue, value.Position, name, "a header's value", reason)]
            : [];
}
