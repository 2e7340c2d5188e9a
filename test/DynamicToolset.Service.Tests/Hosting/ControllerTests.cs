using System.Diagnostics;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Sandbox;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.SampleBackends;
using DynamicToolset.Service.Loops;
using DynamicToolset.Testing;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class ControllerTests
{
    private static readonly ObjectKey Prometheus = new("monitoring", "prometheus");
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private readonly ObservedTime _time = new();

    [Fact]
    public async Task A_new_ConfigMap_is_created_whole_with_one_write()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        cluster.AddService("grafana");
        await using RunningController running = await cluster.RunAsync(time: _time);
        await cluster.HasKeysAsync("kubernetes", "prometheus", "grafana");
        await cluster.HasWrittenAsync();
        Assert.Equal(1, cluster.Writes());
    }

    [Theory]
    [InlineData("prometheus-toolset.yaml", "something else")]
    [InlineData("prometheus-toolset.yaml", null)]
    [InlineData("stray-toolset.yaml", "added")]
    public async Task A_key_that_somebody_changed_is_repaired_with_one_write(string key, string? value)
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        await using RunningController running = await cluster.RunAsync();
        string? right = cluster.Data(key);
        cluster.Api.Requests.Clear();
        cluster.SetData(key, value);
        await TestCluster.EventuallyAsync(() => cluster.Data(key) == right, "the key is as before");
        await TestCluster.EventuallyAsync(() => running.State.LastWrite?.Drift is [var drift] && drift.Key == key, "the write is known as a repair");
        await cluster.HasWrittenAsync();
        Assert.Equal(1, cluster.Writes());
    }

    [Fact]
    public async Task A_write_is_looked_at_once_more_and_its_echo_not_at_all()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningController running = await cluster.RunAsync(time: _time);
        await TestCluster.EventuallyAsync(() => cluster.Api.Requests.Count("watch", "configmaps") > 0, "the ConfigMap is watched");
        await TestCluster.EventuallyAsync(() => running.State.IsConverged, "the first write was looked at");
        int rounds = running.States.Count;
        const int Edits = 10;
        for (int i = 0; i < Edits; i++)
        {
            _time.Advance(RoundBucket.Refill);
            cluster.SetData("kubernetes-toolset.yaml", $"{i}");
            await TestCluster.EventuallyAsync(
                () => cluster.Data("kubernetes-toolset.yaml") != $"{i}" && running.State.IsConverged && running.State.Observed!.ResourceVersion == cluster.Version(),
                "it is repaired, and that was looked at");
        }

        // A change that needs no repair: its round is the last one, so all echoes before it have been seen.
        cluster.SetData("not-ours", "x");
        await TestCluster.EventuallyAsync(() => running.State.Observed!.Data.ContainsKey("not-ours"), "it was seen");
        Assert.Equal(rounds + (2 * Edits) + 1, running.States.Count);
    }

    [Fact]
    public async Task What_a_read_has_brought_is_no_news_when_the_watch_tells_of_it()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isHeld = false;
        await using TestCluster cluster = await TestCluster.StartAsync(new KubeSimOptions
        {
            Intercept = async context =>
            {
                if (isHeld && context.Request.Query.ContainsKey("watch") && context.Request.Path.Value!.EndsWith("configmaps", StringComparison.Ordinal))
                    await open.Task;
                return false;
            },
        });
        await using (await cluster.RunAsync(time: _time))
            isHeld = true;
        cluster.Api.Requests.Clear();
        await using RunningController running = await cluster.RunAsync(time: _time);
        for (int i = 0; i < 20; i++)
        {
            cluster.SetData("not-ours", $"{i}");
            await running.LookAsync(1);
        }

        Assert.Equal("19", running.State.Observed!.Data["not-ours"]);
        int rounds = running.States.Count;
        open.SetResult();
        await TestCluster.EventuallyAsync(() => cluster.Api.Requests.Count("watch", "configmaps") > 0, "the watch is open");
        cluster.SetData("not-ours", "x");
        await TestCluster.EventuallyAsync(() => running.State.Observed!.Data["not-ours"] == "x", "it was seen");
        Assert.Equal(rounds + 1, running.States.Count);
    }

    [Fact]
    public async Task A_label_or_an_annotation_of_ours_is_repaired()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningController running = await cluster.RunAsync();
        cluster.Patch("""{"metadata":{"labels":{"kubernaut.io/managed-by":"me","mine":"1"},"annotations":{"kubernaut.io/override-error":"x"}}}""");
        await TestCluster.EventuallyAsync(
            () => cluster.ConfigMap()!["metadata"] is { } meta
                && meta["labels"]!["kubernaut.io/managed-by"]!.GetValue<string>() == "dynamic-toolset"
                && meta["annotations"]!["kubernaut.io/override-error"] is null,
            "label and annotation are right");
        Assert.Equal("1", cluster.ConfigMap()!["metadata"]!["labels"]!["mine"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_key_of_ours_that_moved_to_binaryData_comes_back_as_one_correction()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningController running = await cluster.RunAsync();
        string? right = cluster.Data("kubernetes-toolset.yaml");
        cluster.Patch("""{"data":{"kubernetes-toolset.yaml":null},"binaryData":{"kubernetes-toolset.yaml":"AAAA"}}""");
        await TestCluster.EventuallyAsync(() => running.State.LastWrite?.Drift is [{ Key: "kubernetes-toolset.yaml" }], "it is repaired");
        Assert.Equal(right, cluster.Data("kubernetes-toolset.yaml"));
        Assert.False(cluster.ConfigMap()!["binaryData"] is JsonObject { Count: > 0 });
    }

    [Fact]
    public async Task Overrides_under_binaryData_are_a_mistake_and_leave_the_last_good_ones_in_force()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningController running = await cluster.RunAsync();
        cluster.SetData("overrides.yaml", "mine:\n  config: {url: \"http://mine\"}\n");
        await cluster.HasKeysAsync("kubernetes", "mine", "overrides.yaml");
        cluster.Patch("""{"data":{"overrides.yaml":null},"binaryData":{"overrides.yaml":"/w=="}}""");
        await TestCluster.EventuallyAsync(() => OverrideError(cluster)?.Contains("binaryData", StringComparison.Ordinal) == true, "the error is shown");
        Assert.NotNull(cluster.Data("mine-toolset.yaml"));
        Assert.Equal("/w==", cluster.ConfigMap()!["binaryData"]!["overrides.yaml"]!.GetValue<string>());
        cluster.Patch("""{"binaryData":null}""");
        await cluster.HasKeysAsync("kubernetes");
        Assert.Null(OverrideError(cluster));
    }

    [Fact]
    public async Task A_ConfigMap_that_could_not_be_written_before_it_was_deleted_is_recreated_all_the_same()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.Load("{apiVersion: v1, kind: ConfigMap, metadata: {name: kubernaut-toolset-config, namespace: kubernaut-system}, immutable: true}");
        await using RunningController running = await cluster.RunAsync(time: _time);
        await TestCluster.EventuallyAsync(() => WriteDetail(running) == running.State.Refusal!.Detail, "readiness says why");
        cluster.DeleteConfigMap();
        await HasKeysAsync(cluster, "kubernetes");
        await TestCluster.EventuallyAsync(() => running.State.LastWrite is not null && WriteDetail(running) is null, "the write is known");
        Assert.True(running.State.LastWrite!.IsRecreation);
    }

    [Fact]
    public async Task A_write_that_failed_is_not_tried_again_before_the_API_server_wants_it_whatever_happens_meanwhile()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(new KubeSimOptions
        {
            Intercept = context =>
            {
                if (context.Request.Method != "PATCH")
                    return Task.FromResult(false);
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                context.Response.Headers.RetryAfter = "3600";
                return Task.FromResult(true);
            },
        });
        await using RunningController running = await cluster.RunOneRoundAsync(s => s);
        for (int i = 0; i < 3; i++)
        {
            int rounds = running.States.Count;
            cluster.AddService("grafana", "burst", $"grafana-{i}");
            await TestCluster.EventuallyAsync(() => running.States.Count > rounds, "there was one more round");
        }

        await cluster.HasWrittenAsync();
        Assert.Equal(1, cluster.Writes());
    }

    [Fact]
    public async Task A_deleted_ConfigMap_comes_back_with_the_admins_bytes()
    {
        const string Overrides = "# mine\r\ngrafana:\r\n  enabled: false  \r\n\t# a tab\r\n";
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        await using RunningController running = await cluster.RunAsync(time: _time);
        cluster.SetData("overrides.yaml", Overrides);
        for (int i = 0; i < 8; i++)
        {
            await TestCluster.EventuallyAsync(
                () => running.States.Any(s => s.Observed?.Data.GetValueOrDefault("overrides.yaml") == Overrides), "the overrides were seen");
            cluster.DeleteConfigMap();
            await _time.PassUntilAsync(Moment, () => cluster.Data("overrides.yaml") == Overrides, "the ConfigMap is back");
            Assert.NotNull(cluster.Data("prometheus-toolset.yaml"));
        }
    }

    [Fact]
    public async Task Deleting_just_the_overrides_is_the_admins_will()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningController running = await cluster.RunAsync(time: _time);
        cluster.SetData("overrides.yaml", "mine:\n  config: {url: \"http://mine\"}\n");
        await cluster.HasKeysAsync("kubernetes", "mine", "overrides.yaml");
        cluster.SetData("overrides.yaml", null);
        await cluster.HasKeysAsync("kubernetes");
        cluster.DeleteConfigMap();
        await HasKeysAsync(cluster, "kubernetes");
    }

    [Fact]
    public async Task Overrides_take_effect_and_their_removal_brings_the_generated_value_back()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        await using RunningController running = await cluster.RunAsync();
        string? generated = cluster.Data("prometheus-toolset.yaml");
        cluster.SetData("overrides.yaml", "prometheus:\n  config:\n    timeout: 60s\n");
        await TestCluster.EventuallyAsync(() => cluster.Data("prometheus-toolset.yaml")!.Contains("timeout: \"60s\""), "the override is merged");
        Assert.Contains("http://prometheus.monitoring:9090", cluster.Data("prometheus-toolset.yaml"));
        cluster.SetData("overrides.yaml", "{}");
        await TestCluster.EventuallyAsync(() => cluster.Data("prometheus-toolset.yaml") == generated, "the generated value is back");
    }

    [Fact]
    public async Task Malformed_overrides_leave_the_last_good_ones_in_force_and_say_where_they_are_wrong()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningController running = await cluster.RunAsync();
        cluster.SetData("overrides.yaml", "mine:\n  config: {url: \"http://mine\"}\n");
        await cluster.HasKeysAsync("kubernetes", "mine", "overrides.yaml");
        string? mine = cluster.Data("mine-toolset.yaml");
        cluster.SetData("overrides.yaml", "mine:\n  secret: [\n");
        await TestCluster.EventuallyAsync(() => OverrideError(cluster)?.StartsWith("overrides.yaml:", StringComparison.Ordinal) == true, "the error is shown");
        Assert.DoesNotContain("secret", OverrideError(cluster));
        cluster.SetData("mine-toolset.yaml", "drifted");
        await TestCluster.EventuallyAsync(() => cluster.Data("mine-toolset.yaml") == mine, "drift is still repaired");
        Assert.Equal("mine:\n  secret: [\n", cluster.Data("overrides.yaml"));
        cluster.SetData("overrides.yaml", "{}");
        await cluster.HasKeysAsync("kubernetes", "overrides.yaml");
        Assert.Null(OverrideError(cluster));
    }

    [Fact]
    public async Task A_restart_writes_nothing()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        cluster.AddService("prometheus", "monitoring", "another");
        cluster.AddService("grafana");
        await using (await cluster.RunAsync())
            cluster.SetData("overrides.yaml", "grafana: {config: {url: \"http://elsewhere\"}}\n");
        await using (await cluster.RunAsync())
            await TestCluster.EventuallyAsync(() => cluster.Data("grafana-toolset.yaml")!.Contains("elsewhere"), "the override is merged");
        string version = cluster.Version();
        // Backends that hang at the start are no reason to take anything away.
        foreach (string name in (string[])["prometheus", "another", "grafana"])
            cluster.SetAnswer(new ObjectKey("monitoring", name), SampleAnswer.Hang);
        await using (RunningController second = await cluster.RunOneRoundAsync(s => s, _time))
            await second.LookAsync(4);

        Assert.Equal(version, cluster.Version());
    }

    [Theory]
    [InlineData("configmaps")]
    [InlineData("services")]
    public async Task What_was_not_read_yet_is_not_taken_for_missing(string resource)
    {
        TaskCompletionSource asked = new(), answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isSlow = false;
        await using TestCluster cluster = await TestCluster.StartAsync(new KubeSimOptions
        {
            Intercept = async context =>
            {
                if (!isSlow || !context.Request.Path.Value!.EndsWith(resource, StringComparison.Ordinal) || context.Request.Query.ContainsKey("watch"))
                    return false;
                asked.TrySetResult();
                await answer.Task;
                return false;
            },
        });
        cluster.AddService("prometheus");
        await using (await cluster.RunAsync(time: _time))
            isSlow = true;
        cluster.Api.Requests.Clear();
        // Longer than anything that a first write waits for.
        TimeSpan later = TimeSpan.FromMinutes(61);
        await using RunningController running = cluster.Start(_time, TestCluster.Defaults() with { DiscoveryInterval = later });
        await asked.Task.WithPatienceAsync();
        string other = resource == "services" ? "configmaps" : "services";
        await TestCluster.EventuallyAsync(() => cluster.Api.Requests.Count("watch", other) > 0, "all the rest was read");
        await _time.WaitsAsync(later);
        _time.Advance(later);
        // The Deployment was asked for once more, and so would a round have begun.
        await _time.WaitsAsync(later, times: 2);
        Assert.Empty(running.States);
        answer.SetResult();
        await TestCluster.EventuallyAsync(() => running.States.LastOrDefault()?.IsConverged == true, "it has converged");
        Assert.Equal(0, cluster.Writes());
    }

    [Fact]
    public async Task A_restart_with_malformed_overrides_changes_no_key()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        await using (await cluster.RunAsync())
        {
            cluster.SetData("overrides.yaml", "prometheus: {enabled: false}\nmine: {config: {url: \"http://mine\"}}\n");
            await cluster.HasKeysAsync("kubernetes", "prometheus", "mine", "overrides.yaml");
        }

        cluster.SetData("overrides.yaml", "prometheus: [");
        string before = cluster.ConfigMap()!["data"]!.ToJsonString();
        await using (RunningController second = await cluster.RunAsync(time: _time))
            await second.LookAsync(4);

        Assert.Equal(before, cluster.ConfigMap()!["data"]!.ToJsonString());
    }

    [Fact]
    public async Task A_backend_that_fails_goes_and_comes_back_and_the_others_stay()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        cluster.AddService("grafana");
        await using RunningController running = await cluster.RunAsync(time: _time);
        int known = running.States.Count;
        cluster.SetAnswer(Prometheus, SampleAnswer.Unavailable);
        await _time.PassUntilAsync(TimeSpan.FromSeconds(1), () => cluster.HasKeys("kubernetes", "grafana"), "it is gone");
        cluster.SetAnswer(Prometheus, SampleAnswer.Right);
        await _time.PassUntilAsync(TimeSpan.FromSeconds(1), () => cluster.HasKeys("kubernetes", "grafana", "prometheus"), "it is back");
        Assert.All(running.States.Skip(known), s => Assert.Contains(s.Result.Endpoints, e => e.Name == "grafana"));
    }

    [Fact]
    public async Task A_deleted_service_takes_its_toolset_along()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        await using RunningController running = await cluster.RunAsync();
        cluster.Api.Store.Delete(KubeResource.Services, Prometheus);
        await cluster.HasKeysAsync("kubernetes");
    }

    [Fact]
    public async Task Repair_does_not_wait_for_backends_that_hang()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        for (int i = 0; i < 500; i++)
            cluster.AddService("grafana", "hanging", $"grafana-{i}", SampleAnswer.Hang);
        await using RunningController running = await StartWithoutConvergingAsync(cluster);
        cluster.SetData("kubernetes-toolset.yaml", "x");
        await TestCluster.EventuallyAsync(() => cluster.Data("kubernetes-toolset.yaml") != "x", "it is repaired although every check hangs");
    }

    [Fact]
    public async Task Nothing_is_listed_or_written_while_nothing_changes()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        await using RunningController running = await cluster.RunAsync(s => s with { DiscoveryInterval = TimeSpan.FromMinutes(1) }, _time);
        await running.LookAsync(20);
        Assert.True(cluster.Api.Requests.Count("get", "configmaps") >= 20);
        // Those of the start.
        Assert.Equal((1, 1), (cluster.Api.Requests.Count("list", "services"), cluster.Api.Requests.Count("list", "configmaps")));
        Assert.Equal(1, cluster.Writes());
    }

    [Fact]
    public async Task A_burst_of_services_is_a_few_writes()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        // Each check that ends may be a round of its own, and how many end together depends on the machine.
        await using RunningController running = await cluster.RunAsync(s => s with { HealthCheckEnabled = false });
        cluster.Api.Requests.Clear();
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < 200; i++)
            cluster.AddService("grafana", "burst", $"grafana-{i:D3}");
        await TestCluster.EventuallyAsync(() => cluster.Keys().Count == 202, "all are there");
        await cluster.HasWrittenAsync();
        // A few rounds at once, and from then on one in each pause; how many fit depends on the machine.
        Assert.InRange(cluster.Writes(), 1, RoundBucket.Capacity + (int)Math.Ceiling(Stopwatch.GetElapsedTime(begun) / RoundBucket.Refill));
    }

    [Fact]
    public async Task An_edit_between_reading_and_writing_is_kept()
    {
        TestCluster? cluster = null;
        int edits = 0;
        await using TestCluster running = cluster = await TestCluster.StartAsync(new KubeSimOptions
        {
            Intercept = context =>
            {
                // Just before our first update the admin writes.
                if (IsMergePatch(context) && Interlocked.Increment(ref edits) == 1)
                    cluster!.SetData("overrides.yaml", "# newer\n");
                return Task.FromResult(false);
            },
        });
        await using RunningController controller = await cluster.RunAsync();
        cluster.AddService("prometheus");
        await cluster.HasKeysAsync("kubernetes", "prometheus", "overrides.yaml");
        Assert.Equal("# newer\n", cluster.Data("overrides.yaml"));
        Assert.True(edits >= 2, "The first update was refused and made again.");
    }

    [Fact]
    public async Task A_stranger_who_writes_an_annotation_after_every_round_does_not_starve_us()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningController running = await cluster.RunAsync();
        using var stop = new CancellationTokenSource();
        Task stranger = AnnotateAsync(cluster, running, stop.Token);
        for (int i = 0; i < 5; i++)
        {
            cluster.AddService("jaeger", "tracing", $"jaeger-{i}");
            int wanted = i + 3;
            await TestCluster.EventuallyAsync(() => cluster.Keys().Count == wanted, $"the Service number {i} is there");
        }

        await stop.CancelAsync();
        await stranger;
    }

    [Fact]
    public async Task An_immutable_ConfigMap_is_left_alone_until_somebody_deletes_it()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningController running = await cluster.RunAsync(time: _time);
        cluster.Patch("""{"immutable":true}""");
        cluster.AddService("prometheus");
        await TestCluster.EventuallyAsync(() => running.State.Refusal?.Reason == RefuseReason.Immutable, "it says why nothing is written");
        cluster.Api.Requests.Clear();
        await running.LookAsync(4);
        Assert.Equal(0, cluster.Writes());
        cluster.DeleteConfigMap();
        await HasKeysAsync(cluster, "kubernetes", "prometheus");
    }

    [Fact]
    public async Task Whatever_others_added_is_there_after_a_repair()
    {
        const string Theirs = """
            {"metadata":{"labels":{"team":"x"},"annotations":{"note":"y"},"finalizers":["example.com/keep"],
              "ownerReferences":[{"apiVersion":"example.com/v1","kind":"Toolbox","name":"box","uid":"b"}]},
             "data":{"notes.txt":"z\r\n"},"binaryData":{"logo.png":"AAEC"}}
            """;
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningController running = await cluster.RunAsync();
        cluster.Patch(Theirs);
        cluster.Patch("""{"metadata":{"labels":{"kubernaut.io/managed-by":null}},"data":{"kubernetes-toolset.yaml":"x","stray-toolset.yaml":"x"}}""");
        await cluster.HasKeysAsync("kubernetes", "notes.txt");
        await TestCluster.EventuallyAsync(() => cluster.ConfigMap()!["metadata"]!["labels"]!["kubernaut.io/managed-by"] is not null, "the label is back");
        JsonObject before = cluster.ConfigMap()!;
        cluster.Patch(Theirs);
        Assert.True(JsonNode.DeepEquals(before, cluster.ConfigMap()), "what others added was all there: to add it again changes nothing");
    }

    [Fact]
    public async Task Custom_toolsets_make_room_for_what_others_write_and_come_back_when_it_is_gone()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        cluster.Load("""
            apiVersion: v1
            kind: Service
            metadata: { name: shop, namespace: monitoring, annotations: { kubernaut.io/toolset: "true", kubernaut.io/toolset-type: custom } }
            spec: { ports: [ { port: 8080 } ] }
            """);
        await using RunningController running = await cluster.RunAsync(s => s with { HealthCheckEnabled = false });
        await cluster.HasKeysAsync("kubernetes", "prometheus", "shop");
        int free = ConfigMapPlanner.LargestSize - ConfigMapSize.Of(running.State.Observed!);
        string big = Convert.ToBase64String(new byte[free]);
        cluster.Patch(new JsonObject { ["binaryData"] = new JsonObject { ["big"] = big } }.ToJsonString());
        await cluster.HasKeysAsync("kubernetes", "prometheus");
        await TestCluster.EventuallyAsync(() => running.State.Result.LeftOut is [{ Name: "shop" }], "it is known what is left out");
        await TestCluster.EventuallyAsync(() => running.State.IsConverged, "there is nothing left to write");
        cluster.Patch("""{"binaryData":null}""");
        await cluster.HasKeysAsync("kubernetes", "prometheus", "shop");
    }

    [Fact]
    public async Task Watches_that_break_or_expire_lose_nothing()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus");
        await using RunningController running = await cluster.RunAsync();
        cluster.Api.DropWatches(abort: true);
        cluster.Api.Store.Delete(KubeResource.Services, Prometheus);
        cluster.AddService("grafana");
        cluster.Api.ExpireHistory();
        await cluster.HasKeysAsync("kubernetes", "grafana");
        cluster.SetData("grafana-toolset.yaml", "x");
        await TestCluster.EventuallyAsync(() => cluster.Data("grafana-toolset.yaml") != "x", "drift is repaired after it");
    }

    [Fact]
    public async Task A_failing_API_server_takes_nothing_away()
    {
        bool isDown = false;
        await using TestCluster cluster = await TestCluster.StartAsync(new KubeSimOptions
        {
            Intercept = context =>
            {
                if (!Volatile.Read(ref isDown))
                    return Task.FromResult(false);
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return Task.FromResult(true);
            },
        });
        cluster.AddService("prometheus");
        await using RunningController running = await cluster.RunAsync(time: _time);
        string version = cluster.Version();
        Volatile.Write(ref isDown, true);
        cluster.Api.DropWatches(abort: true);
        await running.LookAsync(4);
        Assert.Contains("prometheus-toolset.yaml", running.State.Result.Desired.Data.Select(d => d.Key));
        Volatile.Write(ref isDown, false);
        cluster.AddService("grafana");
        await HasKeysAsync(cluster, "kubernetes", "prometheus", "grafana");
        Assert.NotEqual(version, cluster.Version());
    }

    [Fact]
    public async Task Only_the_named_namespaces_are_looked_at()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus", "one");
        cluster.AddService("grafana", "two");
        cluster.AddService("jaeger", "three");
        await using RunningController running = await cluster.RunAsync(s => s with { Namespaces = ["one", "two"] });
        await cluster.HasKeysAsync("kubernetes", "prometheus", "grafana");
        Assert.DoesNotContain(cluster.Api.Requests.Entries, r => r.Path.StartsWith("/api/v1/services", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rival_of_an_incumbent_changes_none_of_its_bytes_even_over_a_restart()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus", "z");
        string? before;
        await using (await cluster.RunAsync())
            before = cluster.Data("prometheus-toolset.yaml");
        cluster.AddService("prometheus", "a");
        await using RunningController second = await cluster.RunAsync();
        await cluster.HasKeysAsync("kubernetes", "prometheus", "prometheus-a-prometheus");
        Assert.Equal(before, cluster.Data("prometheus-toolset.yaml"));
    }

    [Fact]
    public async Task Without_checks_every_detected_service_counts()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        cluster.AddService("prometheus", answer: SampleAnswer.Refuse);
        await using RunningController running = await cluster.RunAsync(s => s with { HealthCheckEnabled = false });
        await cluster.HasKeysAsync("kubernetes", "prometheus");
    }

    /// <summary>The same as the cluster's, while time passes.</summary>
    private Task HasKeysAsync(TestCluster cluster, params string[] toolsets) =>
        _time.PassUntilAsync(Moment, () => cluster.HasKeys(toolsets), $"the keys are {string.Join(", ", toolsets)}");

    private static async Task<RunningController> StartWithoutConvergingAsync(TestCluster cluster)
    {
        // Fewer slots than hanging backends: no check of the others can take their place.
        await using (await cluster.RunAsync(s => s with { HealthCheckEnabled = false }))
        {
        }

        return await cluster.RunOneRoundAsync(s => s with { HealthCheckConcurrency = 4 });
    }

    private static bool IsMergePatch(HttpContext context) =>
        context.Request.Method == "PATCH" && context.Request.ContentType?.Contains("merge-patch", StringComparison.Ordinal) == true;

    private static string? OverrideError(TestCluster cluster) =>
        cluster.ConfigMap()?["metadata"]?["annotations"]?["kubernaut.io/override-error"]?.GetValue<string>();

    private static string? WriteDetail(RunningController running) => running.Controller.Readiness.Single(c => c.Name == "configmap-write").Detail;

    private static async Task AnnotateAsync(TestCluster cluster, RunningController running, CancellationToken stop)
    {
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            cluster.Patch(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["stranger"] = $"{i}" } } }.ToJsonString());
            await TestCluster.EventuallyAsync(() => running.State.Observed?.Annotations.GetValueOrDefault("stranger") == $"{i}", "it was seen");
        }
    }
}
