using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Serialization;
using DynamicToolset.Kubernetes.Tests.Scripted;
using DynamicToolset.Pipeline;
using DynamicToolset.Rules;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Fuzz;

[Collection(FuzzCollection.Name)]
public sealed class ServiceFuzzTests
{
    /// <summary>In bytes for one of the answer: an empty port, with its comma three bytes, is held as 64.</summary>
    private const double MostHeld = 22;

    private const string ListStart = """{"kind":"ServiceList","metadata":{"resourceVersion":"9"},"items":[""";

    private static readonly string ListEnd = Json.Service("z") + "]}";

    private static readonly string[] Services =
    [
        """
        {"metadata":{"name":"grafana","namespace":"monitoring","uid":"u","resourceVersion":"7","creationTimestamp":"2025-10-06T07:08:09Z","labels":{"app":"grafana","a.b/c":""},"annotations":{"kubernaut.io/toolset":"true","note":"some \"words\" \u00e9"},
        "managedFields":[{"manager":"helm","operation":"Update","fieldsV1":{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:ports":{"k:{\"port\":80}":{}}}}}]},
        "spec":{"ports":[{"name":"service","protocol":"TCP","appProtocol":"http","port":3000,"targetPort":"http"}],"selector":{"app":"grafana"},"clusterIP":"10.0.0.1","type":"ClusterIP"},"status":{"loadBalancer":{}}}
        """,
        """{"metadata":{"name":"prometheus-operated","namespace":"m","resourceVersion":"8","labels":{"operated-prometheus":"true"}},"spec":{"ports":[{"port":9090,"targetPort":9090},{"port":53,"protocol":"UDP"}],"clusterIP":"None","selector":null}}""",
        """{"metadata":{"name":"shop","namespace":"s","resourceVersion":"1","annotations":{"kubernaut.io/toolset":"enabled","kubernaut.io/toolset-type":"custom","kubernaut.io/health-endpoint":"/h","kubernaut.io/port":"80"}},"spec":{"type":"NodePort","ports":[{"port":80}]}}""",
        """{"metadata":{"name":"away","namespace":"s","resourceVersion":"1","annotations":null},"spec":{"type":"ExternalName","externalName":"a.b"}}""",
        Json.Service("a"),
    ];

    private static readonly string[] Pieces =
    [
        "\"kind\":", "\"items\":", "\"metadata\":", "\"name\":", "\"namespace\":", "\"resourceVersion\":", "\"uid\":", "\"labels\":",
        "\"annotations\":", "\"spec\":", "\"ports\":", "\"port\":", "\"targetPort\":", "\"selector\":", "\"type\":", "\"clusterIP\":",
        "\"continue\":\"x\",", "{\"a\":\"b\"}", "\"\"", "\"None\"", "\"\\u0000\"", "\"\\ud83d\"", "\"\\n\"",
        "\"kubernaut.io/toolset\":\"true\",", "\"kubernaut.io/port\":", "\"kubernaut.io/toolset-name\":", "[{}]", "[[", "{\"\":",
        "\"a\":null,", "-0", "1e400", "2147483648",
        "\"\\u006eame\":", "\"\\u0061pp\":", "{\"port\":1}", "\u2028", "é",
    ];

    private static readonly string[] Texts = CutBytes.Spaced(
    [
        Json.ServiceList("9", "", Services),
        Json.ServiceList("9", "next", Services[1], Services[2]),
        """{"kind":"ServiceList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":null}""",
        .. Services,
    ]);

    private static readonly RepeatedText[] LongOnes =
    [
        .. new[]
        {
            Item(), Item(ns: "n@"), Item(metadata: ",\"labels\":{\"a\":\"\"}"),
            Item(metadata: ",\"labels\":{},\"annotations\":{}", spec: "\"selector\":{}"), Item(spec: "\"ports\":[{}]"),
            Item(ns: "n@", spec: $"\"ports\":[{Many(256, "{}")}]"), Item(ns: "n@", spec: $"\"ports\":[{Many(257, "{}")}]"),
            Item(ns: "n@", metadata: $",\"labels\":{{{Many(64, "\"l#\":\"\"")}}}"),
            Item(ns: "n@", metadata: $",\"annotations\":{{{Many(128, "\"l@#\":\"\"")}}}"),
            Item(ns: "n@", spec: "\"ports\":[{\"name\":\"service\",\"port\":3000}]", metadata: ",\"labels\":{\"app\":\"grafana\"}"),
            Item(ns: "n@", spec: $"\"ports\":[{Many(64, "{\"name\":\"x@#\"}")}]"),
            Item(ns: "n@", metadata: $",\"labels\":{{\"a\":\"{new string('a', 1_025)}\"}}"),
            Item(ns: "n@", metadata: $",\"annotations\":{{\"a\":\"{new string('a', 129)}\"}}"),
            Item(ns: "n@", metadata: ",\"annotations\":{\"kubernaut.io/toolset\":\"true\"}"),
        }.Select(item => new RepeatedText(ListStart, item + ",", ListEnd)),
        .. new[] { "\"labels\":{", "\"annotations\":{", "\"labels\":{\"a\":{", "\"managedFields\":{" }.SelectMany(field => new[] { "\"a@\":\"\",", "\"@\":\"\\u00e9\",", "\"a\":[],", "\"kubernaut.io/@\":\"\"," }
            .Select(pair => new RepeatedText($$$"""{"metadata":{"name":"a","resourceVersion":"1",{{{field}}}""", pair, "\"z\":\"\"" + new string('}', field.Count(c => c == '{') + 2)))),
        .. new[] { "{},", "[],", "0,", "\"a\"," }.Select(port => new RepeatedText("""{"metadata":{"name":"a","resourceVersion":"1"},"spec":{"ports":[""", port, "{}]}}")),
        new("""{"metadata":{"name":"a","resourceVersion":"1","labels":{"a":""" + "\"", "\\u00e9", "\"}}}"),
        new("""{"metadata":{"name":""" + "\"", "a", "\",\"resourceVersion\":\"1\"}}"),
        new("""{"metadata":{"resourceVersion":"1","name":"a"},"status":""", "[", ""),
        new("""{"metadata":{"resourceVersion":"1","name":"a"},"status":[""", "{},", "0]}"),
        new("""{"kind":"ServiceList","metadata":{"a":[""", "0,", "0]}}"), new("", "\"a\" ", ""), new(ListStart, "{},", "{}]}"),
        new("""{"kind":"ServiceList","metadata":{"resourceVersion":"1"}""", ",\"items\":[]", "}"),
    ];

    private static readonly KubeCall Call = new("list", "services") { Method = HttpMethod.Get, PathAndQuery = "" };

    /// <summary>Whatever bytes come they are read the same however they are cut, or refused by the one exception; and what is read is looked at and told of.</summary>
    [Fact]
    public Task Whatever_Services_the_API_server_sends_are_read_or_refused_and_little_of_them_is_held() => new FuzzSeries(MostHeld).TryAsync(
        3_000, 300..2_700, random => CutBytes.Make(random, new TextMutation(random, Texts, Pieces), LongOnes), CutBytes.SizeOf, Use);

    private static FuzzOutcome Use(CutBytes body)
    {
        ImmutableArray<ServiceRecord>? list = Attempt(() => ReadList(body.Open())), one = Attempt(() => ReadOne(body.Open()));
        if (body.Bytes.Length < 4096)
        {
            Assert.Equal(Written(list), Written(Attempt(() => ReadList(body.OpenIn(4096)))));
            Assert.Equal(Written(one), Written(Attempt(() => ReadOne(body.OpenIn(4096)))));
        }

        ImmutableArray<ServiceRecord> services = list ?? one ?? [];
        Assert.DoesNotContain(services, s => s.Beyond is null && ServiceBounds.Within(s).Beyond is not null);
        var pipeline = new ToolsetPipeline(BuiltInRules.All, [], [], "");
        Assert.All(pipeline.Explain(services, Incumbents.None), ToldText.AssertOneLineEach);
        return new FuzzOutcome(list is not null || one is not null, (services, pipeline.Detect(services)));
    }

    private static ImmutableArray<ServiceRecord> ReadList(JsonSource source)
    {
        var projection = new ServiceProjection(new StringCache());
        (Action<ServiceRecord> keep, Func<ImmutableArray<ServiceRecord>> kept) = projection.Gather();
        ListPage.ReadAsync(source, projection, keep, CancellationToken.None).GetAwaiter().GetResult();
        return kept();
    }

    private static ImmutableArray<ServiceRecord> ReadOne(JsonSource source)
    {
        var projection = new ServiceProjection(new StringCache());
        JsonPiece piece = source.ReadPieceAsync(projection.Longest.Most, CancellationToken.None).AsTask().GetAwaiter().GetResult() ?? throw new EndOfStreamException();
        return [piece.IsWhole ? projection.Read(piece.Json) : projection.Refuse(piece.Json)];
    }

    /// <summary>Null where it is refused, in the one way in which a request may fail.</summary>
    private static ImmutableArray<ServiceRecord>? Attempt(Func<ImmutableArray<ServiceRecord>> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (KubeFaults.IsFault(e, CancellationToken.None))
        {
            Assert.DoesNotContain(KubeFaults.Wrap(e, Call, "the API server").Message, char.IsControl);
            return null;
        }
    }

    private static string? Written(ImmutableArray<ServiceRecord>? services) => services is { } all ? string.Join('\n', all.Select(Text)) : null;

    private static string Text(ServiceRecord s) =>
        $"{s.Key} {s.Uid} {s.ResourceVersion} {s.Kind} {Text(s.Labels)} {Text(s.Annotations)} {Text(s.Selector)} {string.Join(',', s.Ports)} {s.Beyond}";

    private static string Text(IReadOnlyDictionary<string, string> pairs) => string.Join(',', pairs.Select(p => $"{p.Key}={p.Value}"));

    private static string Item(string ns = "n", string metadata = "", string spec = "") =>
        $$$"""{"metadata":{"name":"a@","namespace":"{{{ns}}}","resourceVersion":"1"{{{metadata}}}},"spec":{{{{spec}}}}}""";

    /// <param name="piece">With its number where it has a #.</param>
    private static string Many(int count, string piece) =>
        string.Join(',', Enumerable.Range(0, count).Select(i => piece.Replace("#", $"{i}", StringComparison.Ordinal)));
}
