using System.Diagnostics;
using System.Net;
using System.Reflection;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tracing;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Tracing;

/// <summary>What a controller leaves behind for whoever listens.</summary>
public sealed class SpanTests
{
    private static readonly ObjectKey Grafana = new("monitoring", "grafana");

    [Fact]
    public async Task Each_round_is_a_trace_of_its_own_with_the_detection_and_the_decision_as_parts()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        using var recorded = new RecordedSpans(cluster.Spans);
        cluster.AddService("grafana");
        int states;
        await using (RunningController running = await cluster.RunAsync())
        {
            await TestCluster.EventuallyAsync(() => running.State.IsConverged, "it is at rest");
            states = running.States.Count;
        }

        Activity[] rounds = [.. recorded.Named(SpanNames.Round)];
        Assert.InRange(rounds.Length, 2, int.MaxValue);
        Assert.InRange(rounds.Length, states, int.MaxValue);
        Assert.Equal(rounds.Length, rounds.Select(r => r.TraceId).Distinct().Count());
        Assert.All(rounds, r => Assert.Equal(default, r.ParentSpanId));
        Assert.All(rounds, r => Assert.Equal([SpanNames.Detect, SpanNames.Decide], recorded.PartsOf(r).Select(p => p.OperationName).Take(2)));
        Assert.All(rounds, r => Assert.All(recorded.PartsOf(r), part => Assert.InRange(part.StartTimeUtc + part.Duration, part.StartTimeUtc, r.StartTimeUtc + r.Duration)));
    }

    [Fact]
    public async Task A_round_that_writes_tells_when_its_event_was_seen_which_checks_it_answers_and_what_became_of_the_write()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        using var recorded = new RecordedSpans(cluster.Spans);
        cluster.AddService("grafana");
        await using (await cluster.RunAsync())
            Assert.True(cluster.HasKeys("kubernetes", "grafana"));

        Activity write = recorded.Named(SpanNames.Write).First();
        Assert.Equal("create", write.GetTagItem(SpanNames.Step));
        Assert.Equal((3, 0), (write.GetTagItem(SpanNames.KeysSet), write.GetTagItem(SpanNames.KeysRemoved)));
        Assert.Equal(("success", ActivityStatusCode.Unset), (write.GetTagItem(SpanNames.Outcome), write.Status));
        Activity round = recorded.Named(SpanNames.Round).Single(r => r.SpanId == write.ParentSpanId);
        Assert.Equal(("create", "written"), (round.GetTagItem(SpanNames.Step), round.GetTagItem(SpanNames.Outcome)));
        Assert.Equal((1, 2), (round.GetTagItem(SpanNames.Services), round.GetTagItem(SpanNames.Toolsets)));
        ActivityEvent seen = Assert.Single(round.Events);
        Assert.Equal(SpanNames.EventSeen, seen.Name);
        Assert.InRange(seen.Timestamp.UtcDateTime, round.StartTimeUtc.AddMinutes(-10), write.StartTimeUtc);
        Assert.Contains(Check(recorded).Context, recorded.Named(SpanNames.Round).SelectMany(r => r.Links).Select(l => l.Context));
    }

    [Fact]
    public async Task A_round_with_nothing_to_do_says_so_and_has_no_write()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        using var recorded = new RecordedSpans(cluster.Spans);
        await using (await cluster.RunAsync())
            await TestCluster.EventuallyAsync(() => recorded.Named(SpanNames.Round).Any(r => (string?)r.GetTagItem(SpanNames.Step) == "none"), "a round looked again");
        Activity idle = recorded.Named(SpanNames.Round).First(r => (string?)r.GetTagItem(SpanNames.Step) == "none");
        Assert.Equal("nothing_to_do", idle.GetTagItem(SpanNames.Outcome));
        Assert.DoesNotContain(recorded.PartsOf(idle), p => p.OperationName == SpanNames.Write);
    }

    [Fact]
    public async Task A_write_that_fails_is_an_error_with_its_kind()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.Api.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.ServiceUnavailable), "patch", "configmaps"));
        using var recorded = new RecordedSpans(cluster.Spans);
        await using (await cluster.RunAsync())
            Assert.True(cluster.HasKeys("kubernetes"));
        Activity[] writes = [.. recorded.Named(SpanNames.Write)];
        Assert.Equal(("server", "server", ActivityStatusCode.Error), (writes[0].GetTagItem(SpanNames.Outcome), writes[0].GetTagItem(SpanNames.ErrorType), writes[0].Status));
        Assert.Equal("not_written", recorded.Named(SpanNames.Round).Single(r => r.SpanId == writes[0].ParentSpanId).GetTagItem(SpanNames.Outcome));
        Assert.Equal("success", writes[^1].GetTagItem(SpanNames.Outcome));
    }

    [Fact]
    public async Task A_check_tells_whom_it_asked_how_often_and_what_it_found()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        using var recorded = new RecordedSpans(cluster.Spans);
        cluster.AddService("grafana");
        await using (await cluster.RunAsync())
        {
            cluster.SetAnswer(Grafana, SampleAnswer.Unavailable);
            await TestCluster.EventuallyAsync(() => recorded.Named(SpanNames.Check).Any(c => c.Status == ActivityStatusCode.Error), "a check has failed");
        }

        Activity passed = Check(recorded);
        Assert.Equal(("monitoring", "grafana", 3000), (passed.GetTagItem(SpanNames.Namespace), passed.GetTagItem(SpanNames.Service), passed.GetTagItem(SpanNames.Port)));
        Assert.Equal(("grafana", 1, 200, "ok"), (passed.GetTagItem(SpanNames.Type), passed.GetTagItem(SpanNames.Attempts), passed.GetTagItem(SpanNames.StatusCode), passed.GetTagItem(SpanNames.Outcome)));
        Assert.Equal(default, passed.ParentSpanId);
        Activity failed = recorded.Named(SpanNames.Check).First(c => c.Status == ActivityStatusCode.Error);
        Assert.Equal((3, 503, "status", "status"), (failed.GetTagItem(SpanNames.Attempts), failed.GetTagItem(SpanNames.StatusCode), failed.GetTagItem(SpanNames.Outcome), failed.GetTagItem(SpanNames.ErrorType)));
        // Two pauses of 100 ms between three attempts.
        Assert.InRange(failed.Duration, TimeSpan.FromMilliseconds(200), Patience.Limit);
    }

    [Fact]
    public async Task No_span_holds_an_override_or_what_a_backend_answered()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        using var recorded = new RecordedSpans(cluster.Spans);
        cluster.AddService("grafana");
        cluster.Load("{apiVersion: v1, kind: ConfigMap, metadata: {name: kubernaut-toolset-config, namespace: kubernaut-system}, data: {overrides.yaml: \"grafana: {config: {apiKey: hunter2}}\"}}");
        await using (await cluster.RunAsync())
            Assert.Contains("hunter2", cluster.Data("grafana-toolset.yaml"), StringComparison.Ordinal);
        string[] names = [.. Names()];
        string[] texts = [.. recorded.All.SelectMany(a => a.TagObjects).Select(t => $"{t.Value}"), .. recorded.All.Select(a => a.StatusDescription ?? "")];
        Assert.NotEmpty(texts);
        Assert.All(recorded.All.SelectMany(a => a.TagObjects), t => Assert.Contains(t.Key, names));
        Assert.All(texts, t => Assert.True(t.Length <= 63 && !t.Contains("hunter2", StringComparison.Ordinal), t));
    }

    [Fact]
    public void Where_nobody_listens_there_are_no_spans_and_nothing_is_allocated()
    {
        using var spans = new ServiceSpans(TimeProvider.System);
        Assert.Null(Spend(spans));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Spend(spans);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_page_names_every_span_and_attribute()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "tracing.md"));
        Assert.All(Names(), name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    private static Activity? Spend(ServiceSpans spans) => spans.Round(1) ?? spans.Detect() ?? spans.Decide() ?? spans.Write(null!);

    private static Activity Check(RecordedSpans recorded) => recorded.Named(SpanNames.Check).First(c => c.Status != ActivityStatusCode.Error);

    private static IEnumerable<string> Names() =>
        typeof(SpanNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!);
}
