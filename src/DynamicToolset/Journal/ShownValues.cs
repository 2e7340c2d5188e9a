using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using DynamicToolset.Backends;
using DynamicToolset.Cluster;
using DynamicToolset.Configuration;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Values;

namespace DynamicToolset.Journal;

/// <summary>
/// Overrides and the configuration of rules: the keys, what decides, and a placeholder for every other value. It hides more than the REST API does, since
/// a journal is sent to others: what looks harmless by its key is hidden too.
/// </summary>
internal sealed partial class ShownValues(Placeholders placeholders) : IRedactor
{
    /// <summary>Counts, seconds and ports have no more.</summary>
    private const int MostDigits = 5;

    private static readonly FrozenSet<string> UrlKeys = BackendKinds.All.SelectMany(k => k.UrlKeys).ToFrozenSet(StringComparer.Ordinal);

    private static readonly ImmutableArray<HolmesForm.ApiRoot> Roots =
    [
        .. from kind in BackendKinds.All
           from target in Enum.GetValues<HolmesTarget>()
           from form in kind.FormsFor(target)
           let root = RootOf(form)
           where root is not null
           select root,
    ];

    /// <summary>By toolset name; outside of <c>config</c> only flags and references are shown.</summary>
    public ImmutableSortedDictionary<string, ToolsetValue.Map> Of(ImmutableSortedDictionary<string, ToolsetValue.Map> overrides) =>
        overrides.ToImmutableSortedDictionary(o => o.Key, o => OfBody(o.Value), StringComparer.Ordinal);

    /// <summary>
    /// A rule as YAML, so that what is written there without quotes still is: <c>yes</c> and <c>"yes"</c> are two things in a condition. What a condition
    /// reads may be named like a secret and is none.
    /// </summary>
    public string Rule(ToolsetValue.Map document) => new StringBuilder().AppendEntries((ToolsetValue.Map)OfRule("", Unquoted(document)), indent: 0).ToString();

    public ToolsetValue Value(ToolsetValue secret) => placeholders.Value(secret);

    public string Text(string secret) => placeholders.Text(secret);

    public ToolsetValue Other(string key, ToolsetValue value) => value switch
    {
        ToolsetValue.Number { Digits: { Length: <= MostDigits } digits } when digits.All(char.IsAsciiDigit) => value,
        ToolsetValue.Number { Digits: var word } when !Placeholders.IsNumber(word) =>
            OfText(key, word) is var text && text == word ? value : new ToolsetValue.Text(text),
        ToolsetValue.Number => placeholders.Value(value),
        ToolsetValue.Text { Value: var text } => new ToolsetValue.Text(OfText(key, text)),
        _ => value,
    };

    private static HolmesForm.ApiRoot? RootOf(HolmesForm form) => ((form as HolmesForm.Http)?.BelowAPath ?? form as HolmesForm.Commands)?.Root;

    private ToolsetValue.Map OfBody(ToolsetValue.Map body) => new(
    [
        .. body.Entries.Select(e => KeyValuePair.Create(
            e.Key, e is { Key: "config", Value: ToolsetValue.Map config } ? Redaction.Of(config, this) : Redaction.OfSecret(e.Value, this))),
    ]);

    /// <summary>A query decides nothing, whatever is read by the conditions does.</summary>
    private ToolsetValue OfRule(string key, ToolsetValue value) => (key, value) switch
    {
        ("match" or "exclude" or "twins", _) => value,
        ("toolset", ToolsetValue.Map config) => Redaction.Of(config, this),
        (_, ToolsetValue.Map map) => new ToolsetValue.Map([.. map.Entries.Select(e => KeyValuePair.Create(e.Key, OfRule(e.Key, e.Value)))]),
        (_, ToolsetValue.List list) => new ToolsetValue.List([.. list.Items.Select(i => OfRule(key, i))]),
        ("path", ToolsetValue.Text { Value: var path }) => new ToolsetValue.Text(WithoutQuery(path)),
        ("path", ToolsetValue.Number { Digits: var path }) => new ToolsetValue.Number(WithoutQuery(path)),
        _ => value,
    };

    private string WithoutQuery(string path) =>
        path.IndexOf('?', StringComparison.Ordinal) is >= 0 and int query ? $"{path[..query]}?{placeholders.Query(path[(query + 1)..])}" : path;

    private static ToolsetValue Unquoted(ToolsetValue value) => value switch
    {
        ToolsetValue.Map map => new ToolsetValue.Map([.. map.Entries.Select(e => KeyValuePair.Create(e.Key, Unquoted(e.Value)))]),
        ToolsetValue.List list => new ToolsetValue.List([.. list.Items.Select(Unquoted)]),
        ToolsetValue.Text { Value: ['"', .. var text, '"'] } => new ToolsetValue.Text(text),
        // Neither a number nor a flag: with or without quotes it is a text.
        ToolsetValue.Text { Value: var text } when text.StartsWith('$') || text.AsSpan().ContainsAny(" :") => value,
        ToolsetValue.Text { Value: var word } => new ToolsetValue.Number(word),
        _ => value,
    };

    private string OfText(string key, string text)
    {
        if (!text.Any(char.IsLetterOrDigit) || GoDuration.TryParse(text, out _) || Placeholders.IsSwitch(text))
            return text;
        if (UrlKeys.Contains(key) && BackendUrl.TryReadBroker(text) is not null)
            return text;
        if (Roots.FirstOrDefault(r => r.Key == key) is { } root && UrlPath.IsPlain(text))
            return $"/{placeholders.Text(text)}{(text.EndsWith(root.Ending, StringComparison.Ordinal) && text != root.Ending ? root.Ending : "")}";
        if (Template.IsMatch(text))
            return string.Concat(Pieces.Matches(text).Select(p => Template.IsMatch(p.Value) ? p.Value : OfText("", p.Value)));
        return Url.Match(text) is { Success: true } url ? OfUrl(url) : placeholders.Text(text);
    }

    /// <summary>Scheme, host and port; the path too where the host is a Service, since by that others know what was found to answer.</summary>
    private string OfUrl(Match url)
    {
        string user = url.Groups["user"].Value, host = url.Groups["host"].Value, path = url.Groups["path"].Value, query = url.Groups["query"].Value;
        bool isPathShown = !path.Any(char.IsLetterOrDigit) || (ServiceHost.IsMatch(host) && UrlPath.IsPlain(path));
        return url.Groups["scheme"].Value
            + (user.Length > 0 ? $"{placeholders.Text(user[..^1])}@" : "")
            + (Host.IsMatch(host) ? host : placeholders.InUrl(host, isPath: true))
            + (isPathShown ? path : $"/{placeholders.InUrl(path[1..], isPath: true)}")
            + (query.Length > 1 ? query[0] + placeholders.InUrl(query[1..], isPath: false) : query);
    }

    [GeneratedRegex(
        @"\A(?<scheme>[A-Za-z][A-Za-z0-9+.-]*://)(?<user>[^/?#\s]*@)?(?<host>[^/?#@\s]*)(?<path>/[^?#\s]*)?(?<query>[?#]\S*)?\z",
        RegexOptions.None,
        Timeout.Infinite)]
    private static partial Regex Url { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9._~:\[\]-]*\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Host { get; }

    [GeneratedRegex(@"\A[a-z0-9-]+\.[a-z0-9-]+(?:\.svc(?:\.[a-z0-9.-]+)?(?::[0-9]+)?|:[0-9]+)\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex ServiceHost { get; }

    [GeneratedRegex(@"\{[a-z]+\.[a-z]+\}", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Template { get; }

    [GeneratedRegex(@"\{[a-z]+\.[a-z]+\}|[^{/]+|[{/]", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Pieces { get; }
}
