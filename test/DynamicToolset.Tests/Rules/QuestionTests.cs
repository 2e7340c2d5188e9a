using System.Text;
using DynamicToolset.Backends;
using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;

namespace DynamicToolset.Tests.Rules;

/// <summary>What the shipped rules make of the answers to what HolmesGPT will ask.</summary>
public sealed class QuestionTests
{
    private const string Up = """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up","job":"x"},"value":[1,"1"]}]}}""";
    private const string NoUp = """{"status":"success","data":{"resultType":"vector","result":[]}}""";
    private const string Agent = """{"status":"error","errorType":"execution","error":"unavailable with Prometheus Agent"}""";
    private const string Timeout = """{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}""";
    private const string Jaeger = """{"data":["frontend"],"total":1,"limit":0,"offset":0,"errors":null}""";
    private const string NoJaeger = """{"data":null,"total":0,"limit":0,"offset":0,"errors":null}""";
    private const string NoJaegerV1 = """{"data":[],"total":0,"limit":0,"offset":0,"errors":null}""";
    private const string Green = """{"cluster_name":"e","status":"green","timed_out":false,"number_of_nodes":1,"active_primary_shards":12,"active_shards":12}""";
    private const string Red = """{"cluster_name":"e","status":"red","timed_out":false,"number_of_nodes":1,"active_primary_shards":3,"active_shards":3}""";
    private const string Lost = """{"cluster_name":"e","status":"red","timed_out":false,"number_of_nodes":1,"active_primary_shards":0,"active_shards":0}""";
    private const string Empty = """{"cluster_name":"e","status":"green","timed_out":false,"number_of_nodes":1,"active_primary_shards":0,"active_shards":0}""";
    private const string Dashboard = """[{"id":1,"uid":"a","title":"Nodes","type":"dash-db"}]""";
    private const string Denied = """{"extra":null,"message":"Unauthorized","messageId":"auth.unauthorized","statusCode":401,"traceID":""}""";
    private const string Streams = """{"status":"success","data":{"resultType":"streams","result":[],"stats":{"summary":{}}}}""";
    private const string Traces = """{"traces":[],"metrics":{"totalBlocks":1}}""";
    private const string TracesOfOld = """{"metrics":{"totalBlocks":1}}""";

    [Theory]
    [InlineData("prometheus", 200, Up, "works")]
    [InlineData("prometheus", 200, NoUp, "no_data")]
    [InlineData("prometheus", 422, Agent, null)]
    [InlineData("prometheus", 503, Timeout, null)]
    [InlineData("prometheus", 401, "no org id\n", "tenant")]
    [InlineData("prometheus", 401, "Unauthorized\n", "credentials")]
    [InlineData("prometheus", 403, "", "credentials")]
    [InlineData("jaeger", 200, Jaeger, "works")]
    [InlineData("jaeger", 200, NoJaeger, "no_data")]
    [InlineData("jaeger", 200, NoJaegerV1, "no_data")]
    [InlineData("elasticsearch", 200, Green, "works")]
    [InlineData("elasticsearch", 200, Red, "works")]
    [InlineData("elasticsearch", 200, Lost, "no_data")]
    [InlineData("elasticsearch", 200, Empty, "no_data")]
    [InlineData("elasticsearch", 503, Lost, null)]
    [InlineData("opensearch", 200, Empty, "no_data")]
    [InlineData("grafana", 200, Dashboard, "works")]
    [InlineData("grafana", 200, "[]", "no_data")]
    [InlineData("grafana", 401, Denied, "credentials")]
    [InlineData("loki", 200, Streams, "works")]
    [InlineData("loki", 401, "no org id\n", "tenant")]
    [InlineData("tempo", 200, Traces, "works")]
    [InlineData("tempo", 200, TracesOfOld, "works")]
    [InlineData("zipkin", 200, """["frontend"]""", "works")]
    [InlineData("zipkin", 200, "[]", "no_data")]
    [InlineData("rabbitmq", 401, """{"error":"not_authorized","reason":"Login failed"}""", "credentials")]
    [InlineData("argocd", 401, """{"error":"no session information","code":16}""", "credentials")]
    public void What_HolmesGPT_will_meet_is_told_by_the_answer(string type, int status, string body, string? verdict) =>
        Assert.Equal(verdict, Read(type, Answer(status, body)));

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "null")]
    [InlineData(200, "{}")]
    [InlineData(200, "7")]
    [InlineData(200, "\"works\"")]
    [InlineData(200, "<!doctype html><html><title>Grafana</title></html>")]
    [InlineData(404, "404 page not found\n")]
    [InlineData(302, Up)]
    [InlineData(302, Dashboard)]
    [InlineData(307, Jaeger)]
    [InlineData(200, """{"verdict":"works","data":"\ud800","status":"\udfff","cluster_name":{"x":null},"total":null}""")]
    [InlineData(200, """{"status":"success","data":{"resultType":"vector","result":[]}""")]
    public void An_answer_of_another_kind_says_nothing(int status, string body) =>
        Assert.All(All, q => Assert.Null(q.VerdictIn(Answer(status, body))));

    [Fact]
    public void Silence_says_nothing() => Assert.All(All, q => Assert.Null(q.VerdictIn(new ProbeAnswer.None(ProbeFailure.Timeout))));

    [Fact]
    public void An_answer_that_wants_credentials_says_nothing_else_whatever_stands_in_it() =>
        Assert.All(All, q => Assert.All((string[])[Up, Jaeger, Green, Dashboard, Streams, "no org id, or so", new string('[', 65536)],
            body => Assert.Equal(QuestionVerdict.Credentials, q.VerdictIn(Answer(401, body)))));

    [Fact]
    public void An_answer_that_is_longer_than_what_is_read_tells_by_its_beginning()
    {
        string many = string.Join(',', Enumerable.Repeat("""{"metric":{"__name__":"up","instance":"10.0.0.1:9100"},"value":[1,"1"]}""", 2000));
        string answer = $$$"""{"status":"success","data":{"resultType":"vector","result":[{{{many}}}]}}""";
        // Wherever the end is: in a name, in a text, between two values.
        for (int more = 0; more < 80; more++)
            Assert.Equal("works", Read("prometheus", Answer(200, (new string(' ', more) + answer)[..Fingerprint.MostBodyBytes])));
    }

    [Theory]
    [InlineData("""{"status":"success","data":{"resultType":"vector","x":" """)]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[],"x":" """)]
    [InlineData("""{"total":0,"limit":0,"offset":0,"x":" """)]
    [InlineData("[ ")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[ ")]
    public void What_may_stand_in_the_end_that_is_missing_is_not_taken_to_be_absent(string beginning) =>
        Assert.All(All, q => Assert.Null(q.VerdictIn(Answer(200, beginning.PadRight(Fingerprint.MostBodyBytes, beginning.Contains('"') ? 'x' : ' ')))));

    [Fact]
    public void What_is_deeper_than_any_product_has_it_says_nothing() => Assert.Null(Read(
        "prometheus", Answer(200, Up.Replace("\"1\"]", $"{new string('[', 20)}{new string(']', 20)}]", StringComparison.Ordinal))));

    [Theory]
    [InlineData("prometheus", "works", "no_data", "tenant")]
    [InlineData("grafana", "credentials", "credentials", "tenant")]
    [InlineData("jaeger", "works", "no_data", "tenant")]
    [InlineData("elasticsearch", "works", "no_data", "works")]
    [InlineData("opensearch", "works", "no_data", "works")]
    [InlineData("loki", "works", "works", "tenant")]
    [InlineData("tempo", "works", "works", "tenant")]
    [InlineData("zipkin", "works", "no_data", "tenant")]
    [InlineData("rabbitmq", "credentials", "credentials", "tenant")]
    [InlineData("argocd", "credentials", "credentials", "tenant")]
    public void The_samples_of_the_sandbox_answer_as_the_products_do(string type, string usual, string empty, string ofTenants) => Assert.Equal(
        (usual, empty, ofTenants),
        (Read(type, SampleProducts.Of(type)), Read(type, SampleProducts.WithoutData(type)), Read(type, SampleProducts.OfTenants(type))));

    [Fact]
    public void Every_question_has_a_sample_that_answers_it() => Assert.Equal(
        ["argocd", "elasticsearch", "grafana", "jaeger", "loki", "opensearch", "prometheus", "rabbitmq", "tempo", "zipkin"],
        BuiltInRules.All.Types.Where(t => t.Question is not null).Select(t => t.Name).Order(StringComparer.Ordinal));

    private static string? Read(string type, Func<string, SampleResponse> product)
    {
        SampleResponse sample = product(BuiltInRules.All.FindType(type)!.Question!.Path.Split('?')[0]);
        return Read(type, Answer(sample.Status, sample.Body));
    }

    private static IEnumerable<Question> All => BuiltInRules.All.Types.Select(t => t.Question).OfType<Question>();

    private static string? Read(string type, ProbeAnswer answer) => BuiltInRules.All.FindType(type)!.Question!.VerdictIn(answer)?.Word();

    private static ProbeAnswer.Response Answer(int status, string body) => new(status, "application/json", null, Encoding.UTF8.GetBytes(body));
}
