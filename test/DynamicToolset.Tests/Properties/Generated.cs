using System.Collections.Immutable;
using System.Text;
using CsCheck;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Values;

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
    private static readonly Gen<string> ToolsetNames =
        Gen.OneOf("prometheus", "grafana", "jaeger", "elasticsearch", "kubernetes", "mine", "one", "null", "prometheus-a-p", "custom-b-p", "012");

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
    public static Gen<(string Class, string? Text)> Overrides { get; } = Gen.Frequency(OverridesByClass());

    /// <summary>All of them.</summary>
    public static ImmutableArray<string> OverrideClasses { get; } =
    [
        "no overrides", "empty overrides", "only comments", "valid overrides", "deep overrides", "overrides in short form", "dormant overrides", "toolsets of their own", "switched off",
        "overrides with CRLF", "overrides with comments and anchors", "overrides with tabs", "overrides with characters beyond the BMP", "overrides with a byte order mark",
        "aliases and merge keys", "keys twice", "control characters", "invalid YAML", "wrong shape", "mutated overrides", "any text", "any UTF-8", "half a mebibyte of overrides",
    ];

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

    private static (int, IGen<(string, string?)>)[] OverridesByClass()
    {
        Gen<string> valid = ValidOverrides(Gen.Const("\n"));
        return
        [
            (80, Gen.Const(("no overrides", (string?)null))),
            (80, Of("empty overrides", Gen.OneOf("", "\n", " \t\n", "{}", "---\n", "--- ~\n...\n"))),
            (40, Of("only comments", Gen.OneOf("# nothing\n", "#\r\n#\ttabs \r\n", "\uFEFF# mark", "# \u2028 \u0085\n"))),
            (160, Of("valid overrides", valid)),
            (80, Of("deep overrides", Gen.Select(ToolsetNames, MapsOf(ValuesOf(depth: 6)), (name, map) => $"{name}:\n  config: {Json(map)}\n"))),
            (120, Of("overrides in short form", Gen.Select(ToolsetNames, Maps, (name, map) => $"{name}: {Json(Without(map, "config", "tools", "toolset", "enabled"))}\n"))),
            (60, Of("dormant overrides", Gen.Select(Gen.OneOf(Types), Gen.OneOf("{enabled: no}", "{timeout: 1s}", "{config: {a: {b: c}}}", "{}"), (name, body) => $"{name}: {body}\n"))),
            (80, Of("toolsets of their own", Gen.Select(Gen.OneOf("own", "0", "a-b-c", "holmes", "tools"), Maps, (name, map) => $"{name}: {{enabled: on, config: {Json(map)}}}\n"))),
            (60, Of("switched off", ToolsetNames.Select(name => $"{name}:\n  enabled: false\nkubernetes: {{enabled: off}}\n").Where(t => !t.StartsWith("kubernetes", StringComparison.Ordinal)))),
            (80, Of("overrides with CRLF", ValidOverrides(Gen.Const("\r\n")))),
            (80, Of("overrides with comments and anchors", ValidOverrides(Gen.OneOf("  # secret é\n", "\n# comment\n", "\n\n   \n")).Select(t => "--- &root\n" + t))),
            (80, Of("overrides with tabs", ValidOverrides(Gen.OneOf("\t\n", " \t# x\t\n")))),
            (80, Of("overrides with characters beyond the BMP", ValidOverrides(Gen.Const(" # 😀\U0010FFFF\n")))),
            (60, Of("overrides with a byte order mark", valid.Select(t => "\uFEFF" + t))),
            (60, Of("aliases and merge keys", Gen.Select(valid, Gen.OneOf("x: &x {a: b}\ny: *x\n", "x: &x {a: b}\ny: {<<: *x}\n", "y: {<<: {a: b}}\n", "y: {a: *none}\n"), (t, end) => t + end))),
            (60, Of("keys twice", valid.Select(t => t + t))),
            (60, Of("control characters", Gen.Select(valid, Gen.Int[0, 1 << 16], Gen.OneOf("\u0001", "\u0007", "\u001B[0m", "\u007F", "\u0080", "\u0085", "\uFFFE"), (t, at, c) => t.Insert(at % (t.Length + 1), c)))),
            (80, Of("invalid YAML", Gen.Select(valid, Gen.OneOf("a: [", "\ta: b\n", "a: b: c\n", "\"", "*x", "\0", "}"), (t, end) => t + end))),
            (80, Of("wrong shape", Gen.OneOf("- a\n", "text\n", "a: 1\n", "A: {}\n", "a: {enabled: maybe}\n", "a: {config: 1}\n", "a: {}\n---\nb: {}\n", "overrides: {}\n", "a: {toolset: b}\n", "tools:\n- name: a\n", "toolsets: {a: {}}\n", "a: {tools: []}\n"))),
            (160, Of("mutated overrides", Mutated(valid))),
            (40, Of("any text", Texts)),
            (60, Of("any UTF-8", AnyRunes.Array[1, 30].Select(string.Concat))),
            (3, Of("half a mebibyte of overrides", Gen.OneOf(new string('#', 499 * 1024) + "\r\nmine: {url: u}", $"mine: {{note: \"{new string('é', 250 * 1024)}\"}}", new string('[', 500 * 1024)))),
        ];
    }

    /// <summary>A piece is taken out, doubled, moved or swapped for something else, one to three times.</summary>
    private static Gen<string> Mutated(Gen<string> texts)
    {
        Gen<Func<string, string>> mutations = Gen.Select(Gen.Int[0, 1 << 16], Gen.Int[1, 12], Gen.Int[0, 1 << 16], Gen.Int[0, 4], Gen.OneOf(Words), (at, length, to, kind, word) => (Func<string, string>)(text =>
        {
            int start = at % (text.Length + 1), count = Math.Min(length, text.Length - start);
            string piece = text.Substring(start, count), rest = text.Remove(start, count);
            return kind switch
            {
                0 => rest,
                1 => text.Insert(start, piece),
                2 => rest.Insert(to % (rest.Length + 1), piece),
                3 => text.Insert(start, word),
                _ => rest.Insert(start, word),
            };
        }));
        return Gen.Select(texts, mutations.Array[1, 3], (text, changes) => WellFormed(changes.Aggregate(text, (t, change) => change(t))));
    }

    /// <summary>Half of a surrogate pair is no UTF-8: it cannot come from the API server.</summary>
    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static ToolsetValue.Map Without(ToolsetValue.Map map, params string[] keys) => new([.. map.Entries.Where(e => !keys.Contains(e.Key))]);

    /// <summary>A map of toolset names to bodies, each value on its line, with the given line ends.</summary>
    private static Gen<string> ValidOverrides(Gen<string> lineEnds)
    {
        Gen<string> bodies = Gen.Select(
            Gen.OneOf("", "enabled: true", "enabled: no", "enabled: Off"),
            Gen.Frequency((1, Gen.Const("")), (3, Maps.Select(m => $"config: {Json(m)}")), (1, Gen.Const("config: {\"url\": \"http://mine.example:80\"}"))),
            Gen.Frequency((2, Gen.Const("")), (1, Values.Select(v => $"extra: {Json(v)}"))),
            (enabled, config, extra) => string.Join("\u0001  ", new[] { "", enabled, config, extra }.Where((part, i) => i == 0 || part.Length > 0)));
        return Gen.Select(Gen.Select(ToolsetNames, bodies, (name, body) => (name, body)).Array[1, 4], lineEnds, (entries, end) => string.Concat(
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
        return Gen.Select(keys, values, (key, value) => KeyValuePair.Create(key, Taken(key, value))).Array[0, 5]
            .Select(entries => new ToolsetValue.Map([.. entries.DistinctBy(e => e.Key)]));
    }

    /// <summary>What the key may have, where that is known.</summary>
    private static ToolsetValue Taken(string key, ToolsetValue value) => key switch
    {
        "url" when value is not ToolsetValue.Nothing => new ToolsetValue.Text("http://mine.example:80"),
        "timeout" or "apiKey" when value is not (ToolsetValue.Nothing or ToolsetValue.Number) => new ToolsetValue.Text("${MINE}"),
        _ => value,
    };
}
