using System.Text;
using DynamicToolset.Backends;
using DynamicToolset.Capabilities;
using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;

namespace DynamicToolset.Tests.Capabilities;

/// <summary>What is made of that which backends say of themselves.</summary>
public sealed class CapabilityAnswerTests
{
    private const string Config = "/api/v1/status/config";
    private const string Runtime = "/api/v1/status/runtimeinfo";
    private const string Labels = "/loki/api/v1/labels";
    private const string Tags = "/api/search/tags";

    [Theory]
    [InlineData("cluster: prod", "external labels cluster=prod")]
    [InlineData("cluster: eu-west-1a\n    region: eu-west-1", "external labels cluster=eu-west-1a, region=eu-west-1")]
    [InlineData("prometheus: monitoring/kube-prometheus-stack-prometheus\n    prometheus_replica: prometheus-k8s-0", "external labels prometheus=monitoring/kube-prometheus-stack-prometheus, prometheus_replica")]
    [InlineData("cluster: \"1\"", "external labels cluster=1")]
    [InlineData("cluster: hamburg", "external labels cluster")]
    [InlineData("colour: blue\n    zone: edge", "external labels zone=edge and others")]
    [InlineData("colour: blue", "")]
    [InlineData("node: node1", "external labels node")]
    public void A_Prometheus_tells_its_external_labels(string labels, string part) =>
        Assert.Equal(part, Part("prometheus", Config, Yaml($"global:\n  scrape_interval: 1m\n  external_labels:\n    {labels}\n  query_log_file: x\nscrape_configs: []\n")));

    [Theory]
    [InlineData("global:\n  scrape_interval: 1m\n", "")]
    [InlineData("global:\n  scrape_interval: 1m\nscrape_configs:\n- x:\n  external_labels:\n    cluster: prod\n", "")]
    [InlineData("scrape_configs: []\nglobal:\n  external_labels:\n    cluster: prod\n", "")]
    [InlineData("global:\n  external_labels:\n    cluster: prod\n      deeper: x\n    zone: edge\n", "external labels cluster=prod")]
    public void Only_the_lines_that_a_Prometheus_writes_are_read(string yaml, string part) => Assert.Equal(part, Part("prometheus", Config, Yaml(yaml)));

    [Fact]
    public void A_configuration_that_is_cut_off_is_read_up_to_there()
    {
        string body = Yaml($"global:\n  external_labels:\n    cluster: prod\n    region: eu\nscrape_configs:\n{new string('x', 100_000)}");
        Assert.Equal("external labels cluster=prod, region=eu", Part("prometheus", Config, body[..Fingerprint.MostBodyBytes]));
        int inRegion = body.IndexOf("region: e", StringComparison.Ordinal) + 9;
        for (int length = 0; length < inRegion; length++)
            Assert.Contains(Part("prometheus", Config, body[..length]), (string?[])[null, "", "external labels cluster=prod"]);
    }

    [Theory]
    [InlineData("15d", "retention 15d")]
    [InlineData("1y6w", "retention 1y6w")]
    [InlineData("15d or 50GiB", "retention 15d or 50GiB")]
    [InlineData("1TiB512GiB", "retention 1TiB512GiB")]
    [InlineData("", "")]
    [InlineData("for ever", "")]
    [InlineData("15d or delete", "")]
    [InlineData("15d or 1d or 1d", "")]
    public void A_Prometheus_tells_its_retention(string retention, string part) =>
        Assert.Equal(part, Part("prometheus", Runtime, $$$"""{"status":"success","data":{"storageRetention":"{{{retention}}}"}}"""));

    [Theory]
    [InlineData("""["app","container","namespace","pod"]""", "labels app, container, namespace, pod")]
    [InlineData("""["pod","app","app"]""", "labels app, pod")]
    [InlineData("""["app_kubernetes_io_name","__stream_shard__","job"]""", "labels app_kubernetes_io_name, job and others")]
    [InlineData("""["colour"]""", "")]
    [InlineData("""[]""", "")]
    [InlineData("""["app",{"x":1},"pod"]""", "labels app")]
    [InlineData("""["a1","pod","\ud800"]""", "labels pod and others")]
    public void A_Loki_tells_its_labels(string data, string part) => Assert.Equal(part, Part("loki", Labels, $$"""{"status":"success","data":{{data}}}"""));

    [Fact]
    public void A_Loki_without_logs_has_no_labels_to_tell() => Assert.Equal("", Part("loki", Labels, """{"status":"success"}"""));

    [Fact]
    public void A_Tempo_tells_its_tags() =>
        Assert.Equal("tags http.method, service.name and others", Part("tempo", Tags, """{"tagNames":["service.name","colour","http.method"],"metrics":{}}"""));

    [Theory]
    [InlineData("""{"index":"logs-app-2026.12.01","docs.count":"700000"},{"index":"logs-app-2026.11.30","docs.count":"400000"}""", "indices logs-app-* (millions of documents)")]
    [InlineData("""{"index":"metrics","docs.count":"5"},{"index":"logs","docs.count":"5000"}""", "indices logs (thousands of documents), metrics (few documents)")]
    [InlineData("""{"index":".ds-logs-default-2026.12.01-000001","docs.count":"5"}""", "indices logs-default-* (few documents)")]
    [InlineData("""{"index":".kibana_1","docs.count":"5"},{"index":".internal.alerts","docs.count":"9"}""", "")]
    [InlineData("""{"index":"orders","docs.count":"5"},{"index":"logs-orders","docs.count":"5"}""", "indices logs-* (few documents) and others")]
    [InlineData("""{"index":"filebeat-8.19.0-2026.12.01","docs.count":"3000000000"}""", "indices filebeat-* (billions of documents)")]
    [InlineData("""{"index":"logs","docs.count":null},{"index":"audit","docs.count":"-3"}""", "indices audit (few documents), logs (few documents)")]
    [InlineData("""{"docs.count":"5","other":{"index":"logs"},"index":"traces"}""", "indices traces (few documents)")]
    [InlineData("", "")]
    public void An_Elasticsearch_tells_where_its_documents_are(string indices, string part)
    {
        Assert.Equal(part, Part("elasticsearch", Indices("elasticsearch"), $"[{indices}]"));
        Assert.Equal(part, Part("opensearch", Indices("opensearch"), $"[{indices}]"));
    }

    [Fact]
    public void A_list_of_indices_that_is_cut_off_is_read_up_to_there() =>
        Assert.Equal("indices logs-* (few documents)", Part("elasticsearch", Indices("elasticsearch"), """[{"index":"logs-1","docs.count":"7"},{"index":"aud"""));

    [Theory]
    [InlineData(200, "<html>Log in</html>", null)]
    [InlineData(200, "", null)]
    [InlineData(302, "", null)]
    [InlineData(401, "", null)]
    [InlineData(403, "", null)]
    [InlineData(429, "", null)]
    [InlineData(500, "", null)]
    [InlineData(503, "", null)]
    [InlineData(400, "unsupported path requested", "")]
    [InlineData(404, "404 page not found", "")]
    [InlineData(422, "", "")]
    [InlineData(501, "", "")]
    public void Who_has_no_such_answer_has_nothing_to_tell_and_a_guard_tells_nothing(int status, string body, string? part)
    {
        foreach (BackendKind kind in BackendKinds.All)
            Assert.All(kind.Capabilities, question => Assert.Equal(part, question.PartIn(Answer(status, body))));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"data\":")]
    [InlineData("[{\"index\":")]
    public void However_deep_an_answer_is_it_tells_nothing(string piece)
    {
        string body = string.Concat(Enumerable.Repeat(piece, 5000));
        foreach (BackendKind kind in BackendKinds.All)
            Assert.All(kind.Capabilities, question => Assert.True(string.IsNullOrEmpty(question.PartIn(Answer(200, body)))));
    }

    [Fact]
    public void Who_does_not_answer_tells_nothing() =>
        Assert.Null(BackendKinds.Of("loki").Capabilities.Single().PartIn(new ProbeAnswer.None(ProbeFailure.Timeout)));

    [Fact]
    public void Every_sample_backend_that_is_asked_tells_something()
    {
        foreach (BackendKind kind in BackendKinds.All)
            Assert.All(kind.Capabilities, q => Assert.NotEqual("", Answered(kind, q)));

        static string? Answered(BackendKind kind, CapabilityQuestion question)
        {
            SampleResponse sample = kind.Sample(question.Path.Split('?')[0]);
            return question.PartIn(Answer(sample.Status, sample.Body)) ?? "";
        }
    }

    [Fact]
    public void A_line_has_the_parts_that_there_is_room_for()
    {
        string longest = $"labels {string.Join(", ", Enumerable.Repeat("pod", 56))}";
        Assert.Equal("labels app; retention 15d", CapabilityLine.Of(["labels app", "", "retention 15d"]).Text);
        Assert.Equal($"{longest}; tags app", CapabilityLine.Of([longest, $"{longest}, app", "tags app"]).Text);
        Assert.Same(CapabilityLine.Nothing, CapabilityLine.Of([""]));
    }

    [Fact]
    public void However_many_names_there_are_a_line_stays_one()
    {
        string names = string.Join(',', Enumerable.Range(0, 2000).Select(i => $"\"namespace_deployment_container_{i % 1000}_name\""));
        string part = Part("loki", Labels, $$"""{"data":[{{names}}]}""")!;
        Assert.InRange(part.Length, 100, CapabilityLine.Longest);
        Assert.EndsWith(" and others", part, StringComparison.Ordinal);
        Assert.Equal(part, CapabilityLine.Of([part]).Text);
    }

    private static string Indices(string kind) => BackendKinds.Of(kind).Capabilities.Single().Path;

    private static string Yaml(string text) => $$$"""{"status":"success","data":{"yaml":{{{System.Text.Json.JsonSerializer.Serialize(text)}}}}}""";

    private static string? Part(string kind, string path, string body) => BackendKinds.Of(kind).Capabilities.Single(q => q.Path == path).PartIn(Answer(200, body));

    private static ProbeAnswer.Response Answer(int status, string body) => new(status, null, null, Encoding.UTF8.GetBytes(body));
}
