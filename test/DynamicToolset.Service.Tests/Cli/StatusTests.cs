using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Cli;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Tests.Api;
using DynamicToolset.Service.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Service.Tests.Cli;

public sealed partial class StatusTests
{
    [Fact]
    public async Task The_running_service_tells_what_is_found_how_it_is_and_what_is_wrong()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync(SampleAnswer.Unavailable);
        await using RunningService service = await RunningService.StartConvergedAsync(cluster, s => s with { PodName = "dts-0" });
        cluster.SetData("overrides.yaml", "grafana: [");
        await TestCluster.EventuallyAsync(() => cluster.States.Current!.Overrides.Problem is not null, "the overrides are not understood");
        await MeetsAsync(service, "prometheus", 9090, QuestionVerdict.Works);
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], "status", "--url", service.Listening.Api.ToString());
        Assert.Equal((0, ""), (exitCode, error));
        string text = Moments().Replace(output, "now ");
        Assert.StartsWith("source      the service 1.0.0 in dts-0, as of now \nleader      dts-0, the only replica\n", text);
        Assert.Matches("ConfigMap   kubernaut-system/kubernaut-toolset-config: version [0-9]+, [0-9,]+ bytes; up to date\n", text);
        Assert.Matches("\noverrides   invalid: [0-9]+:[0-9]+: ", text);
        Assert.Matches("\nNAMESPACE   NAME        TYPE        ANSWERS AS +TOOLSET     HEALTH +HOLMESGPT +CHECKED +URL\n", text);
        Assert.Matches(@"\nmonitoring  grafana     grafana     - +- +unhealthy \(status 503\)  - +now http://grafana.monitoring:3000\n", text);
        Assert.Matches("\nmonitoring  prometheus  prometheus  prometheus 3\\.5\\.0  prometheus  healthy +works +now http://prometheus.monitoring:9090\n", text);
        Assert.Matches("\nProblems:\n  overrides.yaml:[0-9]+:", text);
    }

    [Fact]
    public async Task What_HolmesGPT_will_meet_is_told_with_the_line_that_mends_it_and_the_toolset_stays()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus", answer: SampleAnswer.Empty);
        cluster.AddService("elasticsearch");
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        await MeetsAsync(service, "prometheus", 9090, QuestionVerdict.NoData);
        await MeetsAsync(service, "elasticsearch", 9200, QuestionVerdict.Works);
        Assert.True(cluster.HasKeys("kubernetes", "prometheus", "elasticsearch"));

        const string Advice = "check what it is configured to collect, or write prometheus: {enabled: false} in overrides.yaml until it has data";
        (_, string text, _) = await BuiltProgram.RunAsync([], "status", "--url", service.Listening.Api.ToString());
        Assert.Matches("\nmonitoring +prometheus +prometheus +prometheus 3.5.0 +prometheus +healthy +no_data +", text);
        Assert.Matches("\nmonitoring +elasticsearch +elasticsearch +elasticsearch 8.19.0 +elasticsearch +healthy +works +", text);
        Assert.Contains($"\n  monitoring/prometheus: prometheus answers but has no data: {Advice}\n", text, StringComparison.Ordinal);
        foreach (string path in (string[])["/api/v1/services?type=prometheus", "/api/v1/services/monitoring/prometheus/explain"])
        {
            JsonNode shown = JsonNode.Parse(await service.Http.GetStringAsync(path, TestContext.Current.CancellationToken))!["services"]![0]!;
            Assert.Equal(("no_data", Advice, "prometheus: {enabled: false}"), ((string?)shown["question"]!["verdict"], (string?)shown["question"]!["advice"], (string?)shown["question"]!["override"]));
            Assert.Null((string?)shown["health"]!["override"]);
        }

        Assert.Contains("healthy, it answers 200; rule prometheus", await service.Http.GetStringAsync("/api/v1/services/monitoring/prometheus/explain", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        cluster.SetData("overrides.yaml", "prometheus: {enabled: false}");
        await TestCluster.EventuallyAsync(() => service.States.Current!.Shortfalls.IsEmpty, "nothing is lacking");
    }

    [Fact]
    public async Task Without_the_service_the_cluster_tells_what_it_can()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync(SampleAnswer.Unavailable);
        await using (await cluster.RunAsync())
        {
        }

        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([("KUBECONFIG", cluster.Kubeconfig)], "status");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith("source      the cluster: the service was not asked, so results of health checks are unknown (see --url)\nleader      there is no election\n", output);
        Assert.Contains("up to date\nlast write  not known\n", output);
        Assert.Matches(@"monitoring  grafana     grafana     - +- +unknown \(unchecked\)  -", output);
        Assert.Matches(@"monitoring  prometheus  prometheus  - +prometheus  healthy \(assumed\) +-", output);
    }

    [Fact]
    public async Task Where_the_service_goes_by_something_else_the_cluster_alone_may_mislead()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using (await cluster.RunAsync(s => s with { PreferredNamespaces = ["x"] }))
        {
        }

        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([("KUBECONFIG", cluster.Kubeconfig)], "status");
        Assert.Equal((0, ""), (exitCode, error));
        const string Warning = "the service that wrote kubernaut-system/kubernaut-toolset-config uses other PREFERRED_NAMESPACES: it may do something else than shown here";
        Assert.Contains($"\nwarning     {Warning}; --url asks it\nleader ", output, StringComparison.Ordinal);
        (_, output, _) = await BuiltProgram.RunAsync([("KUBECONFIG", cluster.Kubeconfig)], "status", "-o", "json");
        Assert.Equal(Warning, JsonNode.Parse(output)!["warning"]!.GetValue<string>());
        (_, output, _) = await BuiltProgram.RunAsync([("KUBECONFIG", cluster.Kubeconfig), ("PREFERRED_NAMESPACES", "x")], "status");
        Assert.DoesNotContain("warning", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Machines_get_the_documents_of_the_API()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        (int exitCode, string output, string _) = await BuiltProgram.RunAsync([], "status", "--url", service.Listening.Api.ToString(), "-o", "json");
        JsonNode reported = JsonNode.Parse(output)!;
        Assert.Equal((0, "api", true), (exitCode, reported["source"]!.GetValue<string>(), reported["status"]!["converged"]!.GetValue<bool>()));
        Assert.Equal(["grafana", "prometheus"], reported["services"]!.AsArray().Select(s => s!["name"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "http://127.0.0.1:1/api/v1/status: Connection refused (127.0.0.1:1); is that the service? Without --url the cluster is read\n")]
    [InlineData("127.0.0.1:8080", "dynamic-toolset status: --url takes a URL such as http://localhost:8080, not \"127.0.0.1:8080\"; see dynamic-toolset status --help\n")]
    [InlineData("http://user:pw@localhost", "dynamic-toolset status: --url takes a URL such as http://localhost:8080, not \"http://user:pw@localhost\"; see dynamic-toolset status --help\n")]
    public async Task What_cannot_be_asked_is_told_in_one_line(string url, string error) =>
        Assert.Equal((2, "", error), await BuiltProgram.RunAsync([], "status", "--url", url));

    [Fact]
    public async Task What_the_service_refuses_is_told_in_its_words()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], "status", "--url", $"{service.Listening.Metrics}");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.EndsWith("/api/v1/status answers 404: is that the service?\n", error);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"asOf\":\"2026-01-31T09:00:00Z\",\"version\":\"0.0.1\",\"problems\":[]}")]
    [InlineData("it works")]
    public async Task Another_program_or_another_version_is_told_in_one_line(string answer)
    {
        await using WebApplication other = await AnswerAsync(_ => answer);
        string url = other.Urls.Single();
        Assert.Equal(
            (2, "", $"{url}/api/v1/status: something else than this service answers; is that the service? Without --url the cluster is read\n"),
            await BuiltProgram.RunAsync([], "status", "--url", url));
    }

    [Fact]
    public async Task An_answer_that_lacks_anything_is_none()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync(SampleAnswer.Unavailable);
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        string status = await service.Http.GetStringAsync("api/v1/status", TestContext.Current.CancellationToken);
        string services = await service.Http.GetStringAsync("api/v1/services", TestContext.Current.CancellationToken);
        string spoiled = status;
        await using WebApplication other = await AnswerAsync(path => path.EndsWith("status", StringComparison.Ordinal) ? spoiled : services);
        var client = new StatusClient(new Uri($"{other.Urls.Single()}/"), isGuess: false, "", TimeProvider.System);
        Assert.NotNull(await client.ReadAsync(TestContext.Current.CancellationToken));
        foreach (string name in JsonNode.Parse(status)!.AsObject().Select(p => p.Key))
        {
            foreach (JsonNode? wrong in new JsonNode?[] { null, new JsonArray([null]) })
            {
                JsonObject document = JsonNode.Parse(status)!.AsObject();
                document[name] = wrong;
                spoiled = document.ToJsonString();
                await Assert.ThrowsAsync<InputException>(() => client.ReadAsync(TestContext.Current.CancellationToken));
            }
        }
    }

    [Fact]
    public async Task In_its_own_pod_the_service_is_asked_and_where_it_does_not_listen_the_cluster()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        Assert.StartsWith("source      the service ", await SourceAsync(cluster, Environment.MachineName, service.Listening.Api.Port));
        Assert.StartsWith("source      the cluster: ", await SourceAsync(cluster, Environment.MachineName, 1));
    }

    [Fact]
    public async Task In_no_other_pod_a_local_port_is_asked()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        int asked = 0;
        await using WebApplication other = await AnswerAsync(_ => $"{asked++}");
        int port = new Uri(other.Urls.Single()).Port;
        Assert.StartsWith("source      the cluster: ", await SourceAsync(cluster, $"{Environment.MachineName}-0", port));
        Assert.StartsWith("source      the cluster: ", await SourceAsync(cluster, "", port));
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task Watched_it_is_shown_anew_until_it_is_stopped()
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        await using RunningService service = await RunningService.StartConvergedAsync(cluster);
        using Process watch = BuiltProgram.Start([], "status", "--watch", "--url", service.Listening.Api.ToString());
        int shown = 0;
        while (shown < 2 && await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            shown += line.StartsWith("source ", StringComparison.Ordinal) ? 1 : 0;
        Assert.Equal(2, shown);
        await BuiltProgram.SignalAsync(watch, "INT");
        await BuiltProgram.WaitAsync(watch);
        Assert.Equal(0, watch.ExitCode);
    }

    private static async Task<string> SourceAsync(TestCluster cluster, string pod, int port)
    {
        (string, string)[] environment = [("KUBECONFIG", cluster.Kubeconfig), ("POD_NAME", pod), ("PORT", $"{port}")];
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync(environment, "status");
        Assert.Equal((0, ""), (exitCode, error));
        return output;
    }

    private static async Task<WebApplication> AnswerAsync(Func<string, string> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        WebApplication other = builder.Build();
        other.Urls.Add("http://127.0.0.1:0");
        other.Run(context => context.Response.WriteAsync(answer(context.Request.Path)));
        await other.StartAsync(TestContext.Current.CancellationToken);
        return other;
    }

    private static Task MeetsAsync(RunningService service, string name, int port, QuestionVerdict verdict) => TestCluster.EventuallyAsync(
        () => service.States.Current!.VerdictOf(new EndpointKey(new ObjectKey("monitoring", name), port)) == verdict, $"{name}: {verdict}");

    [GeneratedRegex("(now|[0-9]+ s ago) *")]
    private static partial Regex Moments();
}
