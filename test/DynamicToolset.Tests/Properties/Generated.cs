using System.Collections.Immutable;
using System.Text;
using CsCheck;
using DynamicToolset.Discovery;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Tests.Properties;

/// <summary>Clusters, overrides and drifts as they happen, and as nobody would wish them.</summary>
internal static class Generated
{
    private static readonly string[] Words =
    [
        "no", "No", "NO", "yes", "on", "off", "true", "False", "null", "~", "y", "N", "", " ", "012", "0", "-1", "1e3", "1.5", "0x1F", "1_000", "1:30", "190:20:30",
        "2025-01-01", "2025-01-01T00:00:00Z", "=", "<<", ".inf", "-.INF", ".NaN", "!!str x", "!x", "&a", "*a", "- a", "a: b", "a:b", "a #b", "#a", "{a}", "[a", "|", ">-",
        "%TAG", "@a", "`a", "\"", "'", "\\", "\\n", "---", "...", "? a", "\t", "a\tb", "\n", "a\nb", "a\n", "\n\na\n ", "\r", "a\r\nb", "\0", "\u0001\u001B", "\u007F", "\u0080", "\u0085",
        "a\u0085b", "\u00A0", "\u2028", "a\u2029b", "\uFEFF", "a\uFEFF", "\uFFFE\uFFFF", "\uFFFD", "é", "中文", "😀", "\U0010FFFF", "${GRAFANA_API_KEY}", "{endpoint.url}", "{{ x }}", "$(x)", "`x`", " a", "a ", ":", "-", "?",
    ];

    private static readonly Gen<string> AnyRunes = Gen.Frequency((6, Gen.Int[0x20, 0x7E]), (2, Gen.Int[0, 0xFF]), (1, Gen.Int[0, 0x10FFFF]))
        .Select(c => new Rune(c is >= 0xD800 and <= 0xDFFF ? 0xFFFD : c).ToString()).Array[0, 12].Select(string.Concat);

    private static readonly Gen<string> AnyNamespace = Gen.OneOf("a", "b", "a-b", "monitoring", "x", "x-y");
    private static readonly Gen<string> AnyName = Gen.OneOf("prometheus", "grafana", "p", "q", "b-c", "c", "y-z", "z", "kubernetes", "overrides", "null", "on");
    private static readonly string[] Types = ["prometheus", "grafana", "jaeger", "elasticsearch"];

    private static readonly string[] MatchingLines =
        ["app=prometheus web:9090", "app=prometheus :9090", "app=grafana service:3000", "app=grafana service:80", "app=jaeger query:16686", "app=elasticsearch http:9200", "app=elasticsearch https:9200"];

    private static readonly string[] LookalikeLines =
        ["app=prometheus web:9093", "app=prometheus http:9091", "app=grafana-agent service:3000", "app=jaeger grpc:14250", "app=elasticsearch transport:9300", "web:9090", "app=prometheus"];

    private static readonly string[] MalformedLines =
        ["http:80 @toolset=maybe", "http:80 @toolset=true", "http:80 @toolset=true @type=none", "http:80 @toolset=true @type=custom @name=A_B", "http:80 @toolset=true @type=custom @health=x",
         "a:1 b:2 @toolset=true @type=custom", "http:80 @toolset=true @type=custom @port=none", "http:80 @toolset=true @type=custom @scheme=ftp", "http:80 @toolset=true @type=custom @name=kubernetes"];

    /// <summary>Words that mean something to YAML, control characters, breaks of every kind, any code point, and very long ones.</summary>
    public static Gen<string> Texts { get; } = Gen.Frequency(
        (10, Gen.OneOf(Words)),
        (10, AnyRunes),
        (4, Gen.OneOf(Words).Array[2, 5].Select(string.Concat)),
        (1, Gen.Select(AnyRunes, Gen.Int[100, 500], (text, times) => string.Concat(Enumerable.Repeat(text, times)))));

    /// <summary>Trees of every value that a toolset can hold.</summary>
    public static Gen<ToolsetValue> Values { get; } = ValuesOf(depth: 3);

    public static Gen<ToolsetValue.Map> Maps { get; } = MapsOf(Values);

    /// <summary>Services with the class that each was made for; no two of one name in one namespace.</summary>
    public static Gen<ImmutableArray<(string Class, ServiceRecord Service)>> Clusters { get; } = AnyService().Array[0, 12]
        .Select(services => services.DistinctBy(s => s.Service.Key).ToImmutableArray());

    /// <summary>Texts of overrides.yaml with the class that each was made for; null where the key is not there.</summary>
    public static Gen<(string Class, string? Text)> Overrides { get; } = Gen.Frequency(
        (2, Gen.Const(("no overrides", (string?)null))),
        (2, Of("empty overrides", Gen.OneOf("", "\n", "# nothing\n", "{}", "---\n"))),
        (6, Of("valid overrides", ValidOverrides(Gen.Const("\n")))),
        (2, Of("overrides with CRLF", ValidOverrides(Gen.Const("\r\n")))),
        (2, Of("overrides with comments and anchors", ValidOverrides(Gen.OneOf("  # secret é\n", "\n# comment\n", "\n\n   \n")).Select(t => "--- &root\n" + t))),
        (2, Of("overrides with tabs", ValidOverrides(Gen.OneOf("\t\n", " \t# x\t\n")))),
        (2, Of("overrides with characters beyond the BMP", ValidOverrides(Gen.Const(" # 😀\U0010FFFF\n")))),
        (2, Of("overrides with a byte order mark", ValidOverrides(Gen.Const("\n")).Select(t => "\uFEFF" + t))),
        (3, Of("invalid YAML", Gen.Select(ValidOverrides(Gen.Const("\n")), Gen.OneOf("a: [", "\ta: b\n", "a: b: c\n", "\"", "*x", "\0", "}"), (t, end) => t + end))),
        (3, Of("wrong shape", Gen.OneOf("- a\n", "text\n", "a: 1\n", "A: {}\n", "a: {enabled: maybe}\n", "a: {config: 1}\n", "a: {}\n---\nb: {}\n", "overrides: {}\n", "a: {toolset: b}\n"))),
        (1, Of("any text", Texts)));

    public static Gen<(string Class, string? Text)> LargeOverrides { get; } =
        Gen.Frequency((30, Gen.Int[1, 60 * 1024]), (1, Gen.Const(500 * 1024)))
            .Select(size => (size < 500 * 1024 ? "large overrides" : "half a mebibyte of overrides", (string?)OverrideTexts.Large(size)));

    /// <summary>What others do to the ConfigMap.</summary>
    public static Gen<ImmutableArray<Tampering>> Drifts { get; } =
        Gen.Select(Gen.Enum<TamperingKind>(), Gen.Int[0, 20], Texts, (kind, index, text) => new Tampering(kind, index, text)).Array[0, 5]
            .Select(ts => ts.ToImmutableArray());

    private static Gen<(string Class, ServiceRecord Service)> AnyService() => Gen.Frequency(
        (6, FromLine("matching", Gen.OneOf(MatchingLines))),
        (2, FromLine("lookalike", Gen.OneOf(LookalikeLines))),
        (2, FromLine("custom", Gen.OneOf("http:80", ":8080", "https:443", "grpc:1 http:2").Select(p => $"{p} @toolset=true @type=custom"))),
        (1, FromLine("custom with a name", Gen.OneOf("one", "two", "three", "null").Select(n => $"http:80 @toolset=enabled @type=custom @name={n}"))),
        (2, FromLine("annotated with a type", Gen.OneOf(Types).Select(t => $"http:80 @toolset=true @type={t}"))),
        (1, FromLine("malformed annotation", Gen.OneOf(MalformedLines))),
        (1, FromLine("opted out", Gen.OneOf(MatchingLines).Select(l => $"{l} @toolset=false"))),
        (1, FromLine("ExternalName", Gen.OneOf(MatchingLines).Select(l => $"{l} ExternalName"))),
        (1, Hostile()));

    private static Gen<(string, ServiceRecord)> FromLine(string name, Gen<string> lines) =>
        Gen.Select(AnyNamespace, AnyName, lines, (ns, service, line) => (name, ServiceText.Parse($"{ns}/{service} {line}")));

    private static Gen<(string, ServiceRecord)> Hostile() => Gen.Select(
        Texts, Texts, Texts, Texts, Gen.OneOf(MatchingLines), (ns, name, label, annotation, line) =>
        {
            ServiceRecord service = ServiceText.Parse($"a/b {line}");
            return ("hostile", service with
            {
                Key = new ObjectKey(ns, name),
                Labels = service.Labels.Append(KeyValuePair.Create(label, name)).DistinctBy(l => l.Key).ToDictionary(),
                Annotations = annotation.Length % 2 == 0
                    ? new Dictionary<string, string> { [ToolsetAnnotations.Toolset] = "true", [ToolsetAnnotations.Type] = "custom", [ToolsetAnnotations.Name] = annotation }
                    : service.Annotations,
            });
        });

    private static Gen<(string, string?)> Of(string name, Gen<string> texts) => texts.Select(t => (name, (string?)t));

    /// <summary>A map of toolset names to bodies, each value on its line, with the given line ends.</summary>
    private static Gen<string> ValidOverrides(Gen<string> lineEnds)
    {
        Gen<string> names = Gen.OneOf("prometheus", "grafana", "jaeger", "elasticsearch", "kubernetes", "mine", "one", "null", "prometheus-a-p", "custom-b-p", "012");
        Gen<string> bodies = Gen.Select(
            Gen.OneOf("", "enabled: true", "enabled: no", "enabled: Off"),
            Gen.Frequency((1, Gen.Const("")), (3, Maps.Select(m => $"config: {Json(m)}")), (1, Gen.Const("config: {\"url\": \"http://mine.example:80\"}"))),
            Gen.Frequency((2, Gen.Const("")), (1, Values.Select(v => $"extra: {Json(v)}"))),
            (enabled, config, extra) => string.Join("\u0001  ", new[] { "", enabled, config, extra }.Where((part, i) => i == 0 || part.Length > 0)));
        return Gen.Select(Gen.Select(names, bodies, (name, body) => (name, body)).Array[1, 4], lineEnds, (entries, end) => string.Concat(
            entries.DistinctBy(e => e.name).Select(e => $"\"{e.name}\":{(e.body.Length == 0 ? " {}" : e.body)}\u0001")).Replace("\u0001", end, StringComparison.Ordinal));
    }

    private static string Json(ToolsetValue value) => ToolsetJson.Of(value)?.ToJsonString() ?? "null";

    private static Gen<ToolsetValue> ValuesOf(int depth)
    {
        Gen<ToolsetValue> leaves = Gen.Frequency(
            (5, Texts.Select(t => (ToolsetValue)new ToolsetValue.Text(t))),
            (2, Gen.OneOf("0", "-1", "42", "1.5", "-0.25", "1000.0", "123456789012345678").Select(d => (ToolsetValue)new ToolsetValue.Number(d))),
            (1, Gen.Bool.Select(b => (ToolsetValue)new ToolsetValue.Flag(b))),
            (1, Gen.Const((ToolsetValue)new ToolsetValue.Nothing())));
        if (depth == 0)
            return leaves;
        Gen<ToolsetValue> inner = ValuesOf(depth - 1);
        return Gen.Frequency(
            (4, leaves),
            (1, inner.Array[0, 4].Select(items => (ToolsetValue)new ToolsetValue.List([.. items]))),
            (1, MapsOf(inner).Select(m => (ToolsetValue)m)));
    }

    private static Gen<ToolsetValue.Map> MapsOf(Gen<ToolsetValue> values)
    {
        Gen<string> keys = Gen.Frequency((3, Gen.OneOf("url", "timeout", "apiKey", "index", "a", "b", "B", "enabled", "config")), (1, Texts.Select(t => t.Length <= 128 ? t : "long")));
        return Gen.Select(keys, values, (key, value) => KeyValuePair.Create(key, value)).Array[0, 5]
            .Select(entries => new ToolsetValue.Map([.. entries.DistinctBy(e => e.Key)]));
    }
}
