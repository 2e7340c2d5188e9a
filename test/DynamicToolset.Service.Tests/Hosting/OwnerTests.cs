using System.Net;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Sandbox;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Service.Http;
using DynamicToolset.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Hosting;

/// <summary>To whom the ConfigMap belongs, while the service runs.</summary>
public sealed class OwnerTests
{
    private const string Box = """{"apiVersion":"example.com/v1","kind":"Toolbox","name":"box","uid":"b","blockOwnerDeletion":false}""";
    private const string Boss = """{"apiVersion":"example.com/v1","kind":"Toolbox","name":"boss","uid":"c","controller":true}""";

    private const string NotAllowed = "cannot set an ownerRef on a resource you can't delete";

    private static readonly ObjectKey Deployment = new(TestCluster.ConfigMapKey.Namespace, "dynamic-toolset");
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task The_ConfigMap_is_created_with_its_owner_by_one_write()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        string uid = AddDeployment(cluster);
        await using RunningController running = await cluster.RunAsync(time: _time);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse($$"""[{"apiVersion":"apps/v1","kind":"Deployment","name":"dynamic-toolset","uid":"{{uid}}","controller":true,"blockOwnerDeletion":true}]"""),
            cluster.ConfigMap()!["metadata"]!["ownerReferences"]));
        await cluster.HasWrittenAsync();
        Assert.Equal((1, 1), (cluster.Writes(), cluster.Api.Requests.Count("get", "deployments")));
        Assert.Null(running.State.OwnerWarning);
    }

    [Fact]
    public async Task A_Deployment_that_was_made_anew_is_adopted_by_one_write()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        AddDeployment(cluster);
        await using RunningController running = await cluster.RunAsync(s => s with { DiscoveryInterval = Second }, _time);
        cluster.Api.Store.Delete(KubeResource.Deployments, Deployment);
        cluster.Api.Requests.Clear();
        string uid = AddDeployment(cluster);
        await PassUntilAsync(() => Uids(cluster).SequenceEqual([uid]), "it is adopted");
        await cluster.HasWrittenAsync();
        Assert.Equal(1, cluster.Writes());
    }

    [Fact]
    public async Task A_restart_adopts_the_Deployment_that_was_made_anew_meanwhile()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        AddDeployment(cluster);
        await using (await cluster.RunAsync(time: _time))
            cluster.Api.Store.Delete(KubeResource.Deployments, Deployment);
        string uid = AddDeployment(cluster);
        cluster.Api.Requests.Clear();
        await using RunningController running = await cluster.RunAsync(time: _time);
        await HasOwnersAsync(cluster, uid);
        await cluster.HasWrittenAsync();
        Assert.Equal(1, cluster.Writes());
    }

    [Fact]
    public async Task A_ConfigMap_that_was_collected_with_its_owner_comes_back_with_the_present_one_at_once()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        AddDeployment(cluster);
        await using RunningController running = await cluster.RunAsync(time: _time);
        cluster.Api.Store.Delete(KubeResource.Deployments, Deployment);
        string uid = AddDeployment(cluster);
        cluster.Api.Requests.Clear();
        cluster.DeleteConfigMap();
        await TestCluster.EventuallyAsync(() => running.State is { Observed: null, Owner: OwnerState.Found found } && found.Uid == uid, "it is known what is to be made anew");
        await PassUntilAsync(() => Uids(cluster).SequenceEqual([uid]), "it is back");
        await cluster.HasWrittenAsync();
        Assert.Equal(1, cluster.Writes());
    }

    [Fact]
    public async Task A_Deployment_that_is_made_anew_while_the_ConfigMap_is_away_owns_it_as_soon_as_it_is_back()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        AddDeployment(cluster);
        await using RunningController running = await cluster.RunAsync(s => s with { DiscoveryInterval = Day }, _time);
        cluster.Api.Store.Delete(KubeResource.Deployments, Deployment);
        cluster.DeleteConfigMap();
        await TestCluster.EventuallyAsync(() => running.State is { Observed: null, Owner: OwnerState.Missing }, "it is known that there is no owner");
        string uid = AddDeployment(cluster);
        await PassUntilAsync(() => Uids(cluster).SequenceEqual([uid]), "it is adopted");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_Deployment_or_with_one_that_is_going_it_comes_back_without_an_owner(bool isGoing)
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        AddDeployment(cluster, isGoing ? "finalizers: [example.com/wait]" : "");
        await using RunningController running = await cluster.RunAsync(time: _time);
        cluster.Api.Store.Delete(KubeResource.Deployments, Deployment);
        string before = cluster.Version();
        cluster.DeleteConfigMap();
        await PassUntilAsync(() => cluster.ConfigMap() is not null && cluster.Version() != before, "it is back");
        await HasOwnersAsync(cluster);
        await TestCluster.EventuallyAsync(() => running.State.OwnerWarning?.Problem == OwnerProblem.NoDeployment, "it says why");
    }

    [Theory]
    [InlineData("""{"metadata":{"ownerReferences":null}}""")]
    [InlineData("""{"metadata":{"ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"dynamic-toolset","uid":"old","controller":true}]}}""")]
    public async Task An_owner_that_somebody_took_away_or_changed_is_repaired_by_one_write(string patch)
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        string uid = AddDeployment(cluster);
        await using RunningController running = await cluster.RunAsync(time: _time);
        cluster.Api.Requests.Clear();
        cluster.Patch(patch);
        await HasOwnersAsync(cluster, uid);
        await TestCluster.EventuallyAsync(
            () => running.State.LastWrite?.Drift is [{ Kind: DriftKind.Metadata, Key: OwnerReference.DriftKey }], "it is known as a repair");
        await cluster.HasWrittenAsync();
        Assert.Equal(1, cluster.Writes());
    }

    [Fact]
    public async Task The_owners_of_others_stay_field_by_field()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        string uid = AddDeployment(cluster);
        await using RunningController running = await cluster.RunAsync(time: _time);
        cluster.Patch($$$"""{"metadata":{"ownerReferences":[{{{Box}}}]}}""");
        await HasOwnersAsync(cluster, "b", uid);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Box), cluster.ConfigMap()!["metadata"]!["ownerReferences"]![0]));
    }

    [Fact]
    public async Task Beside_another_controller_the_data_is_written_without_owner_and_that_is_told_by_log_state_and_Event()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        using var lines = new LogLines();
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        cluster.Loggers = loggers;
        AddDeployment(cluster);
        cluster.Load($"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: kubernaut-toolset-config, namespace: kubernaut-system, ownerReferences: [{Boss}]}}}}");
        cluster.AddService("prometheus");
        await using RunningController running = await cluster.RunAsync(time: _time);
        await cluster.HasKeysAsync("kubernetes", "prometheus");
        await TestCluster.EventuallyAsync(() => running.State.OwnerWarning?.Problem == OwnerProblem.OtherController, "it is told");
        await HasOwnersAsync(cluster, "c");
        await TestCluster.EventuallyAsync(() => cluster.Api.Store.List(KubeResource.Events).Any(e => (string?)e["reason"] == "OtherController"), "there is an Event");
        await running.LookAsync(5);
        Assert.Contains("Toolbox boss", Assert.Single(Warnings(lines)), StringComparison.Ordinal);

        cluster.Patch("""{"metadata":{"ownerReferences":null}}""");
        await TestCluster.EventuallyAsync(() => lines.All.Any(l => l.Contains("\"msg\":\"Owner reference of the ConfigMap is right again\"")), "its end is told too");
    }

    [Fact]
    public async Task Outside_a_cluster_it_works_and_says_once_that_there_is_no_owner()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        using var lines = new LogLines();
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        cluster.Loggers = loggers;
        await using RunningController running = await cluster.RunAsync(time: _time);
        await HasOwnersAsync(cluster);
        await running.LookAsync(5);
        Assert.Contains("OWNER_DEPLOYMENT", Assert.Single(Warnings(lines)), StringComparison.Ordinal);
        Assert.Equal(OwnerProblem.NoDeployment, running.State.OwnerWarning?.Problem);
    }

    [Fact]
    public async Task Switched_off_it_takes_its_own_reference_away_and_asks_for_no_Deployment()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        string uid = AddDeployment(cluster);
        await using (await cluster.RunAsync(time: _time))
            cluster.Patch($$$"""{"metadata":{"ownerReferences":[{{{Box}}}]}}""");
        await using (await cluster.RunAsync(time: _time))
            await HasOwnersAsync(cluster, "b", uid);
        cluster.Api.Requests.Clear();
        await using RunningController running = await cluster.RunAsync(s => s with { OwnerReferenceEnabled = false, DiscoveryInterval = Day }, _time);
        await HasOwnersAsync(cluster, "b");
        await running.LookAsync(3);
        await cluster.HasWrittenAsync();
        Assert.Equal((1, 0), (cluster.Writes(), cluster.Api.Requests.Count("get", "deployments")));
        Assert.Null(running.State.OwnerWarning);
    }

    [Fact]
    public async Task The_Deployment_of_the_name_before_is_another_controller_until_it_was_let_go_by_that_name()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        string before = AddDeployment(cluster);
        await using (await cluster.RunAsync(time: _time))
            await HasOwnersAsync(cluster, before);
        var renamed = new ObjectKey(Deployment.Namespace, "toolsets");
        cluster.Load(Manifest(Deployment.Namespace, "").Replace(Deployment.Name, renamed.Name, StringComparison.Ordinal));
        await using (RunningController running = await cluster.RunAsync(s => s with { OwnerDeployment = renamed.Name }, _time))
            await TestCluster.EventuallyAsync(() => running.State.OwnerWarning?.Problem == OwnerProblem.OtherController, "it is told");
        await using (await cluster.RunAsync(s => s with { OwnerDeployment = renamed.Name, OwnerReferenceEnabled = false }, _time))
            await HasOwnersAsync(cluster, before);
        await using (await cluster.RunAsync(s => s with { OwnerReferenceEnabled = false }, _time))
            await HasOwnersAsync(cluster);
        await using (await cluster.RunAsync(s => s with { OwnerDeployment = renamed.Name }, _time))
            await HasOwnersAsync(cluster, cluster.Api.Store.Get(KubeResource.Deployments, renamed)!["metadata"]!["uid"]!.GetValue<string>());
    }

    [Fact]
    public async Task In_another_namespace_than_the_ConfigMap_it_is_never_the_owner()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        SandboxManifests.EnsureNamespace(cluster.Api, "ops");
        AddDeployment(cluster);
        cluster.Load(Manifest("ops", ""));
        await using (await cluster.RunAsync(time: _time))
        {
        }

        cluster.Api.Requests.Clear();
        await using RunningController running = await cluster.RunAsync(s => s with { PodNamespace = "ops" }, _time);
        await HasOwnersAsync(cluster);
        Assert.Equal(OwnerProblem.OtherNamespace, running.State.OwnerWarning?.Problem);
        Assert.Equal(0, cluster.Api.Requests.Count("get", "deployments"));
    }

    [Fact]
    public async Task A_missing_right_is_named_with_the_manifest_that_grants_it_and_the_owner_stays_as_it_is()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        string uid = AddDeployment(cluster);
        await using (await cluster.RunAsync(time: _time))
        {
        }

        using var lines = new LogLines();
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        cluster.Loggers = loggers;
        cluster.Api.Faults.Add(new FaultRule(new Fault.Answer(HttpStatusCode.Forbidden), "get", "deployments", Times: 1000));
        await using RunningController running = await cluster.RunAsync(time: _time);
        await TestCluster.EventuallyAsync(() => Warnings(lines).Length > 0, "it is told");
        Assert.Contains("get deployments.apps \\\"dynamic-toolset\\\" in namespace kubernaut-system is missing; deploy/base/rbac.yaml", Warnings(lines)[0], StringComparison.Ordinal);
        await HasOwnersAsync(cluster, uid);
    }

    [Fact]
    public async Task While_the_Deployment_is_not_known_the_owner_stays_as_it_is_and_a_repair_does_not_wait()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        string uid = AddDeployment(cluster);
        await using (await cluster.RunAsync(time: _time))
        {
        }

        cluster.Api.Faults.Add(new FaultRule(new Fault.Hang(), "get", "deployments", Times: 1000));
        // Longer than anything here is waited for: what happens does not happen because the question was given up.
        cluster.RequestTimeout = TimeSpan.FromMinutes(10);
        await using RunningController running = await cluster.RunAsync(time: _time);
        cluster.SetData("kubernetes-toolset.yaml", "x");
        await TestCluster.EventuallyAsync(() => cluster.Data("kubernetes-toolset.yaml") != "x", "it is repaired");
        await HasOwnersAsync(cluster, uid);
        Assert.Null(running.State.OwnerWarning);
        Assert.IsType<OwnerState.Unknown>(running.State.Result.Desired.Owner.State);
    }

    [Fact]
    public async Task A_creation_waits_a_moment_for_the_Deployment_and_adopts_it_when_it_is_known()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestCluster cluster = await TestCluster.StartAsync(new KubeSimOptions
        {
            Intercept = async context =>
            {
                if (context.Request.Path.Value!.Contains("/deployments/", StringComparison.Ordinal))
                    await answer.Task;
                return false;
            },
        });
        string uid = AddDeployment(cluster);
        await using RunningController running = cluster.Start(_time);
        await TestCluster.EventuallyAsync(() => running.States.Count > 0, "there was a round");
        Assert.Null(cluster.ConfigMap());
        await PassUntilAsync(() => cluster.ConfigMap() is not null, "it is created");
        Assert.Null(cluster.ConfigMap()!["metadata"]!["ownerReferences"]);
        answer.SetResult();
        await HasOwnersAsync(cluster, uid);
    }

    [Theory]
    [InlineData(StatusCodes.Status422UnprocessableEntity, "stay as they are: status 422; docs/ownership.md")]
    [InlineData(StatusCodes.Status403Forbidden, $"stay as they are: {NotAllowed}; docs/ownership.md")]
    public async Task An_owner_that_the_API_server_refuses_does_not_keep_the_data_out_and_is_not_tried_on_and_on(int code, string told)
    {
        int refused = 0;
        await using TestCluster cluster = await TestCluster.StartAsync(
            new KubeSimOptions { Intercept = context => RefuseOwnersAsync(context, code, () => Interlocked.Increment(ref refused)) });
        AddDeployment(cluster);
        await using RunningController running = await cluster.RunAsync(s => s with { DiscoveryInterval = Day }, _time);
        await HasOwnersAsync(cluster);
        for (int i = 0; i < 3; i++)
        {
            _time.Advance(Second);
            cluster.SetData("kubernetes-toolset.yaml", $"{i}");
            await TestCluster.EventuallyAsync(() => cluster.Data("kubernetes-toolset.yaml") != $"{i}", "it is repaired");
        }

        await running.LookAsync(5);
        Assert.Equal(1, Volatile.Read(ref refused));
        OwnerWarning? warning = running.State.OwnerWarning;
        Assert.Equal(OwnerProblem.Refused, warning?.Problem);
        Assert.Contains(told, warning!.Detail, StringComparison.Ordinal);
        // The write itself was taken: no right of the manifest is missing.
        Assert.DoesNotContain("rbac.yaml", warning.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_API_server_wants_the_right_to_the_owner_s_finalizers_that_one_is_named()
    {
        const string Right = "update deployments.apps/finalizers \"dynamic-toolset\" in namespace kubernaut-system; deploy/base/rbac.yaml grants it";
        const string Said = "configmaps \"x\" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: , <nil>";
        await using TestCluster cluster = await TestCluster.StartAsync(
            new KubeSimOptions { Intercept = context => RefuseOwnersAsync(context, StatusCodes.Status403Forbidden, () => { }, Said) });
        AddDeployment(cluster);
        await using RunningController running = await cluster.RunAsync(s => s with { DiscoveryInterval = Day }, _time);
        await TestCluster.EventuallyAsync(() => running.State.OwnerWarning is not null, "it is told");
        OwnerWarning warning = running.State.OwnerWarning!;
        Assert.Equal(Right, warning.MissingRight);
        Assert.Contains($"they stay as they are: the permission is missing to {Right} ({Said}).", warning.Detail, StringComparison.Ordinal);
        SelfCheck told = running.Controller.Readiness.Single(c => c.Name == "configmap-owner");
        Assert.Equal((true, true, Right), (told.Passes, told.IsWarning, told.Detail));
    }

    [Fact]
    public async Task An_owner_that_is_refused_when_nothing_else_is_to_be_written_is_told_and_changes_nothing()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(new KubeSimOptions { Intercept = context => RefuseOwnersAsync(context, StatusCodes.Status403Forbidden, () => { }) });
        await using RunningController running = await cluster.RunAsync(s => s with { DiscoveryInterval = Second }, _time);
        string before = cluster.Version();
        AddDeployment(cluster);
        await PassUntilAsync(() => running.State.OwnerWarning?.Problem == OwnerProblem.Refused, "it is told");
        await running.LookAsync(3);
        Assert.Equal(before, cluster.Version());
        // The round that tries the reference once more is followed by one that leaves it out.
        await TestCluster.EventuallyAsync(() => running.State.IsConverged, "all else is as it should be");
    }

    [Fact]
    public async Task A_reference_that_may_not_be_taken_away_is_told_to_stay_and_a_deletion_ends_it_but_not_the_overrides()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(new KubeSimOptions { Intercept = RefuseNewOwnersOfWhatIsThereAsync });
        string uid = AddDeployment(cluster);
        await using (await cluster.RunAsync(time: _time))
            cluster.SetData("overrides.yaml", "{}\n# mine");
        using var lines = new LogLines();
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        cluster.Loggers = loggers;
        cluster.AddService("prometheus");
        await using RunningController running = await cluster.RunAsync(s => s with { OwnerReferenceEnabled = false, DiscoveryInterval = Day }, _time);
        await cluster.HasKeysAsync("kubernetes", "prometheus", "overrides.yaml");
        await TestCluster.EventuallyAsync(() => running.State.OwnerWarning?.Problem == OwnerProblem.Refused, "it is told");
        await HasOwnersAsync(cluster, uid);
        Assert.Contains($"refuses to change the owners, so they stay as they are: {NotAllowed}", Assert.Single(Warnings(lines)), StringComparison.Ordinal);

        cluster.DeleteConfigMap();
        await PassUntilAsync(() => cluster.HasKeys("kubernetes", "prometheus", "overrides.yaml"), "it is back");
        Assert.Equal("{}\n# mine", cluster.Data("overrides.yaml"));
        await HasOwnersAsync(cluster);
        await TestCluster.EventuallyAsync(() => lines.All.Any(l => l.Contains("Owner reference of the ConfigMap is right again", StringComparison.Ordinal)), "its end is told too");
        await running.LookAsync(3);
        Assert.Null(running.State.OwnerWarning);
    }

    [Fact]
    public async Task A_ConfigMap_that_may_not_be_adopted_is_when_it_was_deleted_and_comes_back()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(new KubeSimOptions { Intercept = RefuseNewOwnersOfWhatIsThereAsync });
        await using (await cluster.RunAsync(time: _time))
            cluster.SetData("overrides.yaml", "{}\n# mine");
        string uid = AddDeployment(cluster);
        await using RunningController running = await cluster.RunAsync(time: _time);
        await TestCluster.EventuallyAsync(() => running.State.OwnerWarning?.Problem == OwnerProblem.Refused, "it is told");
        await HasOwnersAsync(cluster);

        cluster.DeleteConfigMap();
        await PassUntilAsync(() => Uids(cluster).SequenceEqual([uid]), "it is back");
        Assert.Equal("{}\n# mine", cluster.Data("overrides.yaml"));
        await TestCluster.EventuallyAsync(() => running.State.OwnerWarning is null, "nothing is wrong any more");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_right_that_is_missing_for_any_write_is_not_taken_for_an_owner_that_is_refused(bool isMoreToWrite)
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using (await cluster.RunAsync(time: _time))
        {
        }

        string uid = AddDeployment(cluster);
        if (isMoreToWrite)
            cluster.AddService("prometheus");
        LoadRights(cluster, "[get, list, watch, create]");
        using var lines = new LogLines();
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddProvider(lines));
        cluster.Loggers = loggers;
        await using RunningController running = await cluster.RunOneRoundAsync(s => s, _time);
        await PassUntilAsync(() => lines.All.Count(l => l.Contains("\"msg\":\"Failed to write ConfigMap\"", StringComparison.Ordinal)) >= 3, "it was tried three times");
        Assert.All(lines.All.Where(l => l.Contains("Failed to write", StringComparison.Ordinal)), l => Assert.Contains("patch configmaps \\\"kubernaut-toolset-config\\\"", l, StringComparison.Ordinal));
        Assert.All(running.States, s => Assert.Null(s.OwnerWarning));
        Assert.Empty(Warnings(lines));

        cluster.Api.Store.MergePatch(KubeResource.Roles, Deployment, JsonNode.Parse("""
            {"rules": [{"apiGroups": ["", "apps"], "resources": ["configmaps", "deployments"], "verbs": ["get", "list", "watch", "patch"]}]}
            """)!.AsObject());
        await PassUntilAsync(() => Uids(cluster).SequenceEqual([uid]), "it is adopted");
    }

    [Fact]
    public async Task The_Deployment_is_asked_for_at_the_start_and_in_intervals_only()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        AddDeployment(cluster);
        await using (await cluster.RunAsync(time: _time))
        {
        }

        cluster.Api.Requests.Clear();
        await using RunningController running = await cluster.RunAsync(s => s with { DiscoveryInterval = Day }, _time);
        await TestCluster.EventuallyAsync(() => cluster.Api.Requests.Count("get", "deployments") == 1, "it was asked for at the start");
        cluster.SetData("kubernetes-toolset.yaml", "x");
        await TestCluster.EventuallyAsync(() => cluster.Data("kubernetes-toolset.yaml") != "x", "it is repaired");
        await running.LookAsync(20);
        Assert.Equal(1, cluster.Api.Requests.Count("get", "deployments"));
        await _time.PassUntilAsync(Day, () => cluster.Api.Requests.Count("get", "deployments") > 1, "it was asked for again");
    }

    internal static string AddDeployment(TestCluster cluster, string more = "")
    {
        cluster.Load(Manifest(Deployment.Namespace, more));
        return cluster.Api.Store.Get(KubeResource.Deployments, Deployment)!["metadata"]!["uid"]!.GetValue<string>();
    }

    private static string Manifest(string ns, string more) => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: {{Deployment.Name}}, namespace: {{ns}}, {{more}} }
        spec:
          selector: { matchLabels: { app: x } }
          template: { metadata: { labels: { app: x } }, spec: { containers: [ { name: c, image: i } ] } }
        """;

    /// <summary>
    /// As the admission plugin OwnerReferencesPermissionEnforcement does where the right to delete the ConfigMap is missing: what is there
    /// keeps its owners, be they added or taken away, and a new one may have any.
    /// </summary>
    private static async Task<bool> RefuseNewOwnersOfWhatIsThereAsync(HttpContext context) =>
        context.Request.ContentType == "application/merge-patch+json" && await RefuseOwnersAsync(context, StatusCodes.Status403Forbidden, () => { });

    internal static async Task<bool> RefuseOwnersAsync(HttpContext context, int code, Action refused, string message = NotAllowed)
    {
        if (context.Request.Method != "PATCH")
            return false;
        context.Request.EnableBuffering();
        string body = await new StreamReader(context.Request.Body).ReadToEndAsync(TestContext.Current.CancellationToken);
        context.Request.Body.Position = 0;
        if (!body.Contains("ownerReferences", StringComparison.Ordinal))
            return false;
        refused();
        context.Response.StatusCode = code;
        if (code == StatusCodes.Status403Forbidden)
            await context.Response.WriteAsJsonAsync(new { kind = "Status", reason = "Forbidden", message }, TestContext.Current.CancellationToken);
        return true;
    }

    /// <summary>Those of <c>deploy/base</c>, but for what may be done to the ConfigMap.</summary>
    private static void LoadRights(TestCluster cluster, string onConfigMap)
    {
        string folder = Path.Combine(RepositoryRoot.Path, "deploy", "base");
        string rights = File.ReadAllText(Path.Combine(folder, "rbac.yaml"));
        Assert.Contains("[get, list, watch, create, update, patch]", rights, StringComparison.Ordinal);
        cluster.Load(File.ReadAllText(Path.Combine(folder, "serviceaccount.yaml")));
        cluster.Load(rights.Replace("[get, list, watch, create, update, patch]", onConfigMap, StringComparison.Ordinal));
        cluster.ActAs(new ObjectKey(Deployment.Namespace, "dynamic-toolset-sa"));
    }

    private static Task HasOwnersAsync(TestCluster cluster, params string[] uids) => TestCluster.EventuallyAsync(
        () => Uids(cluster).SequenceEqual(uids), $"the owners are {string.Join(", ", uids)}");

    private Task PassUntilAsync(Func<bool> isTrue, string what) => _time.PassUntilAsync(TimeSpan.FromMilliseconds(100), isTrue, what);

    private static IEnumerable<string> Uids(TestCluster cluster) =>
        (cluster.ConfigMap()?["metadata"]!["ownerReferences"]?.AsArray() ?? []).Select(o => o!["uid"]!.GetValue<string>());

    private static string[] Warnings(LogLines lines) => [.. lines.All.Where(l => l.Contains("\"msg\":\"Owner reference of the ConfigMap is wrong or unknown\"", StringComparison.Ordinal))];
}
