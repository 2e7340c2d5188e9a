using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.Rules;

namespace DynamicToolset.Tests.Identification;

/// <summary>Which requests one visit makes, and what it finds out.</summary>
public sealed class InquiryTests
{
    private const string Query = "/api/v1/query?query=up";
    private const string BuildInfo = "/api/v1/status/buildinfo";
    private const string Alerts = "/api/v2/status";
    private const string Alertmanager = """{"cluster":{"status":"disabled"},"versionInfo":{"version":"0.25.0"}}""";
    private const string Config = "/api/v1/status/config";
    private const string Runtime = "/api/v1/status/runtimeinfo";
    private const string Up = """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]}}""";
    private const string Prometheus = """{"status":"success","data":{"version":"3.5.0","revision":"8be3a956","goVersion":"go1.24.5"}}""";
    private const string OpenSearch = """{"version":{"distribution":"opensearch","number":"3.1.0"}}""";
    private const string Kibana = """{"name":"k","version":{"number":"9.0.0"},"status":{"overall":{"level":"available"}}}""";
    private const string Elasticsearch = """{"version":{"number":"9.0.0","lucene_version":"10"},"tagline":"You Know, for Search"}""";

    [Fact]
    public void What_it_is_and_what_HolmesGPT_will_meet_is_found_out_without_asking_twice()
    {
        (string asked, Findings found) = Visit("prometheus", path => path == Query ? Answer(200, Up) : Answer(200, Prometheus));
        Assert.Equal($"{Query} {BuildInfo}", asked);
        Assert.Equal(("prometheus 3.5.0", QuestionVerdict.Works), (found.Identity?.ToString(), found.Verdict));
    }

    [Fact]
    public void What_it_is_comes_first()
    {
        (string asked, Findings found) = Visit("elasticsearch", path => path == "/" ? Answer(200, Elasticsearch) : Answer(401, ""));
        Assert.Equal("/ /_cluster/health", asked);
        Assert.Equal(("elasticsearch", QuestionVerdict.Credentials), (found.Identity?.Name, found.Verdict));
    }

    [Fact]
    public void Who_turns_out_to_be_another_product_is_asked_what_is_asked_of_that()
    {
        (string asked, Findings found) = Visit("jaeger", path => path == "/health" ? Answer(200, """{"zipkin":{"status":"UP"}}""") : Answer(path == "/api/services" ? 404 : 200, "[]"));
        Assert.Equal("/api/services /health /api/v2/services", asked);
        Assert.Equal(("zipkin", QuestionVerdict.NoData), (found.Identity?.Name, found.Verdict));
    }

    [Fact]
    public void Who_turns_out_to_be_what_no_rule_takes_is_asked_nothing_further()
    {
        (string asked, Findings found) = Visit("elasticsearch", path => path == "/" ? Answer(404, "") : Answer(200, Kibana));
        Assert.Equal("/ /api/status", asked);
        Assert.Equal(("kibana", null), (found.Identity?.Name, found.Verdict));
    }

    [Fact]
    public void What_it_says_that_it_is_brings_about_no_other_visit() => Assert.True(Target("jaeger").IsAskedLike(Target("jaeger") with { Assumed = "zipkin" }));

    [Fact]
    public void Whose_owner_says_what_it_is_is_asked_as_that() => Assert.Equal(
        "/ /_cluster/health", Visit(Target("elasticsearch") with { Product = null }, _ => Answer(200, OpenSearch)).Asked);

    [Fact]
    public void Who_wants_credentials_is_not_asked_further_what_it_is_and_is_asked_the_question()
    {
        (string asked, Findings found) = Visit("grafana", _ => Answer(401, ""));
        Assert.Equal("/api/health /api/search?limit=1", asked);
        Assert.Equal((null, QuestionVerdict.Credentials), (found.Identity, found.Verdict));
    }

    [Fact]
    public void Who_does_not_answer_is_asked_nothing_further()
    {
        (string asked, Findings found) = Visit("grafana", _ => new ProbeAnswer.None(ProbeFailure.Timeout));
        Assert.Equal("/api/health", asked);
        Assert.Equal(Findings.None, found);
    }

    [Fact]
    public void Without_a_fingerprint_the_question_is_all_that_is_asked() => Assert.Equal(
        "/loki/api/v1/query_range?query=%7Bjob%3D%22test_endpoint%22%7D&limit=1", Visit(Target("loki") with { Fingerprint = null }, _ => Answer(404, "")).Asked);

    [Fact]
    public void It_is_introduced_when_it_was_asked_what_it_is()
    {
        var inquiry = new Inquiry(Target("elasticsearch"));
        Assert.False(inquiry.IsIntroduced);
        inquiry = inquiry.With(Answer(200, Elasticsearch));
        Assert.True(inquiry.IsIntroduced);
        Assert.Equal("/_cluster/health", inquiry.Next(TimeSpan.FromSeconds(1))!.Path);
        Assert.True(new Inquiry(Target("loki") with { Fingerprint = null }).IsIntroduced);
    }

    [Fact]
    public void What_it_says_of_itself_comes_last_and_is_told_whole()
    {
        (string asked, Findings found) = Visit(Telling("prometheus"), path => path switch
        {
            BuildInfo => Answer(200, Prometheus),
            Config => Answer(200, """{"data":{"yaml":"global:\n  external_labels:\n    cluster: prod\n"}}"""),
            Runtime => Answer(200, """{"data":{"storageRetention":"15d"}}"""),
            _ => Answer(200, Up),
        });
        Assert.Equal($"{Query} {BuildInfo} {Config} {Runtime}", asked);
        Assert.Equal("external labels cluster=prod; retention 15d", found.Says?.Text);
    }

    [Fact]
    public void An_answer_that_says_nothing_ends_it_and_no_half_of_a_line_is_told()
    {
        (string asked, Findings found) = Visit(Telling("prometheus"), path => path == BuildInfo ? Answer(200, Prometheus) : Answer(503, ""));
        Assert.Equal($"{Query} {BuildInfo} {Config}", asked);
        Assert.Null(found.Says);
        Assert.Null(Visit(Telling("prometheus"), path => path == Runtime ? Answer(503, "") : Answer(404, "")).Found.Says);
    }

    [Fact]
    public void A_relative_that_has_none_of_it_says_nothing_of_itself_for_good() =>
        Assert.Equal("", Visit(Telling("prometheus"), _ => Answer(404, "")).Found.Says?.Text);

    [Fact]
    public void Who_turns_out_to_be_another_product_is_asked_what_that_says_of_itself_or_nothing()
    {
        Assert.EndsWith(" /_cat/indices?format=json&h=index%2Cdocs.count&s=docs.count%3Adesc", Visit(Telling("elasticsearch"), _ => Answer(200, OpenSearch)).Asked);
        Assert.DoesNotContain(Config, Visit(Telling("prometheus"), path => Answer(200, path == Alerts ? Alertmanager : "")).Asked, StringComparison.Ordinal);
    }

    [Fact]
    public void Below_a_path_everything_is_asked_there()
    {
        IdentityTarget target = Target("jaeger") with { Endpoint = EndpointUrl.TryCreate("http", new ObjectKey("m", "s"), 80, "", "/jaeger")! };
        Assert.Equal("/jaeger/api/services /jaeger/health", Visit(target, _ => Answer(404, "")).Asked);
    }

    [Theory]
    [InlineData("prometheus", "/token:/api/v1/query?query=up /token:/api/v1/status/buildinfo :/api/v1/status/config")]
    [InlineData("grafana", "/token:/api/health :/api/search?limit=1")]
    public void Our_token_is_for_what_it_is_and_HolmesGPT_is_told_what_who_has_none_will_meet(string type, string expected)
    {
        var refused = Answer(401, "");
        IdentityTarget target = Telling(type) with { TokenFile = "/token" };
        List<string> asked = [];
        var inquiry = new Inquiry(target);
        while (inquiry.Next(TimeSpan.FromSeconds(1)) is { } request)
        {
            asked.Add($"{request.TokenFile}:{request.Path}");
            string body = type == "grafana" ? """{"database":"ok","version":"12.0.0"}""" : request.Path == BuildInfo ? Prometheus : Up;
            inquiry = inquiry.With(request.TokenFile is null ? refused : Answer(200, body) with { Token = TokenUse.Sent, Refusal = refused });
        }

        Assert.Equal(expected, string.Join(' ', asked));
        Assert.Equal((type, QuestionVerdict.Credentials, null), (inquiry.Found.Identity?.Name, inquiry.Found.Verdict, inquiry.Found.Says));
    }

    /// <summary>A Prometheus in agent mode that has just started would be taken for one that answers queries.</summary>
    [Theory]
    [InlineData(true, "/api/v1/query?query=up", null)]
    [InlineData(false, "/api/v1/query?query=up /api/v1/status/buildinfo", "prometheus")]
    public void Who_cannot_tell_yet_is_not_asked_further_where_somebody_comes_again(bool isPatient, string expected, string? product)
    {
        var inquiry = new Inquiry(Target("prometheus")) { IsPatient = isPatient };
        List<string> asked = [];
        while (inquiry.Next(TimeSpan.FromSeconds(1)) is { } request)
        {
            asked.Add(request.Path);
            inquiry = inquiry.With(request.Path == Query ? Answer(503, "Service Unavailable") : Answer(200, Prometheus));
        }

        Assert.Equal((expected, product, isPatient), (string.Join(' ', asked), inquiry.Found.Identity?.Name, inquiry.IsUnanswered));
    }

    [Fact]
    public void Another_token_is_another_visit() => Assert.False(Target("loki").IsAskedLike(Target("loki") with { TokenFile = "/token" }));

    [Fact]
    public void When_the_time_is_over_nothing_is_asked() => Assert.Null(new Inquiry(Target("loki")).Next(TimeSpan.Zero));

    private static (string Asked, Findings Found) Visit(string type, Func<string, ProbeAnswer> answer) => Visit(Target(type), answer);

    private static (string Asked, Findings Found) Visit(IdentityTarget target, Func<string, ProbeAnswer> answer)
    {
        var inquiry = new Inquiry(target);
        List<string> asked = [];
        while (inquiry.Next(TimeSpan.FromSeconds(1)) is { } request)
        {
            asked.Add(request.Path);
            inquiry = inquiry.With(answer(request.Path));
        }

        return (string.Join(' ', asked), inquiry.Found);
    }

    private static IdentityTarget Telling(string type) => Target(type) with { Kind = type };

    private static Question QuestionOf(string type) => BuiltInRules.All.FindType(type)!.Question!;

    private static IdentityTarget Target(string type) => new(
        new EndpointKey(new ObjectKey("m", "s"), 80),
        EndpointUrl.TryCreate("http", new ObjectKey("m", "s"), 80, "")!,
        BuiltInRules.All.FindType(type)!.Fingerprint,
        "1",
        IsWanted: true,
        IsInPlace: false)
    {
        Question = QuestionOf(type),
        Product = type,
        Rules = BuiltInRules.All,
    };

    private static ProbeAnswer.Response Answer(int status, string body) => new(status, null, null, Encoding.UTF8.GetBytes(body));
}
