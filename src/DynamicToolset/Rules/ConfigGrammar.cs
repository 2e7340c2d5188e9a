using System.Collections.Immutable;
using DynamicToolset.Forms;
using DynamicToolset.Holmes;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Rules;

/// <summary>
/// The config of a toolset. It is a free tree for whoever reads the toolset, but for the keys that this service reads itself, which mean one thing
/// whatever the toolset, and for what goes over the wire.
/// </summary>
internal static class ConfigGrammar
{
    private static readonly ScalarForm<string> Url =
        ScalarForm.Value("a text, such as http://host:port", "'http://host:80'", v => v is ToolsetValue.Text { Value.Length: > 0 });

    private static readonly ScalarForm<string> SomeText = ScalarForm.Value("a text", "x", v => v is ToolsetValue.Text);

    /// <summary>Quotes are soon forgotten around a number, and it is its digits either way.</summary>
    private static readonly ScalarForm<string> TextOrNumber = ScalarForm.Value("a text", "x", v => v is ToolsetValue.Text or ToolsetValue.Number);

    private static readonly ScalarForm<string> Single = ScalarForm.Value("a single value", "'false'", _ => true);

    private static readonly PairsForm<string?> Headers = new("a map of texts", new NullableForm<string>(TextOrNumber), "X-Scope-OrgID", _ => null);

    /// <summary>The keys whose type is known. Null means none of them.</summary>
    public static ImmutableArray<Field> Known { get; } =
    [
        .. Of(Url, "url", "api_url", "prometheus_url"),
        .. Of(SomeText, "query_endpoint"),
        .. Of(TextOrNumber, "apiKey", "api_key", "bearer_token", "username", "password", "timeout", "timeout_seconds"),
        .. Of(Single, "verify_ssl"),
        .. Of(Headers, HttpHeader.Keys),
    ];

    /// <summary>Headers and credentials that cannot be sent, at any depth. The message has no word of the text.</summary>
    public static IEnumerable<YamlProblem> UnsentIn(YamlNode.Mapping config) =>
        SentValues.ProblemsIn(config).Select(p => new YamlProblem(p.Position, $"{p.Subject} {p.Reason}"));

    private static IEnumerable<Field> Of<T>(Form<T> form, params IEnumerable<string> keys)
        where T : notnull => keys.Select(k => new Field<T?>(k, new NullableForm<T>(form)));
}
