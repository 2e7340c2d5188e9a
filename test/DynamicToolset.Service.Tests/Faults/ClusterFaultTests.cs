using System.Text.Json.Nodes;
using DynamicToolset.Service.Tests.EndToEnd;
using DynamicToolset.Testing;
using static DynamicToolset.Service.Tests.Faults.FaultyCluster;

namespace DynamicToolset.Service.Tests.Faults;

/// <summary>What people and other programs do to the service while the API server is well.</summary>
public sealed class ClusterFaultTests(ClusterFaultTests.Fixture fixture) : IClassFixture<ClusterFaultTests.Fixture>, IAsyncLifetime
{
    private const string SecretsPath = $"/api/v1/namespaces/{DeployedService.Namespace}/secrets";
    private const string Refusals = "dynamictoolset_kube_requests_total{verb=\"list\",resource=\"services\",code=\"403\"}";
    private const string Contested = "\"msg\":\"Another writer keeps changing the ConfigMap\"";
    private const int Rotations = 3, Deletions = 3;

    /// <summary>The correction from which on each waits for longer than the one before.</summary>
    private const int CorrectionsBeforePause = 30;

    private DeployedService? _service;

    private DeployedService Service => _service!;

    public async ValueTask InitializeAsync() => _service = await fixture.ServiceAsync();

    /// <summary>What a test that failed leaves behind is nothing to begin the next one with.</summary>
    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            await fixture.DisposeAsync();
    }

    /// <summary>The API server believes a token for ten seconds after it has died.</summary>
    [Fact]
    public Task A_token_that_is_replaced_again_and_again_and_each_time_dies_costs_nothing() =>
        new FaultSeries("token replaced and revoked", Service, FaultSeries.RepairAndFence + Rotations).StrikeAsync(async trial =>
        {
            (string secret, string token) = await RotateAsync();
            await Service.RestartAsync();
            string revoked = token;
            for (int i = 0; i < Rotations; i++)
            {
                (string before, revoked) = (secret, token);
                (secret, token) = await RotateAsync();
                await Service.AskAsync(HttpMethod.Delete, $"{SecretsPath}/{before}");
                await trial.SpoilAsync(Prometheus);
                await trial.IsAsBeforeAsync();
            }

            await Patience.EventuallyAsync(async () => !await Service.IsKnownAsync(revoked), () => "the API server knows the last token but one no more");
            await trial.SpoilAsync(Prometheus);
            trial.IsOver();
            await trial.IsAsBeforeAsync();
            trial.AssertSaidNothingOf(
                "Failed to write ConfigMap", "Lost leader election", "Failed to list services");
        });

    [Fact]
    public Task Rights_that_are_withdrawn_take_nothing_away_over_a_restart_and_with_their_return_all_is_repaired() =>
        new FaultSeries("rights withdrawn and given back", Service, FaultSeries.RepairAndFence).StrikeAsync(async trial =>
        {
            await Service.Kubectl.RunAsync("delete", "clusterrolebinding", "dynamic-toolset");
            await Service.Kubectl.RunAsync("delete", "rolebinding", "dynamic-toolset", "-n", DeployedService.Namespace);
            await Service.UntilItMayNotAsync("patch", $"configmap/{DeployedService.ConfigMap}", "-n", DeployedService.Namespace);
            await trial.SpoilAsync(Prometheus);
            Assert.Contains("deploy/base/rbac.yaml", await trial.LineAsync("Failed to write ConfigMap"), StringComparison.Ordinal);
            await Service.KillAsync();
            await Service.Kubectl.RunAsync(
                "patch", "lease", "dynamic-toolset-leader", "-n", DeployedService.Namespace, "--type=merge", "-p", """{"spec":{"holderIdentity":""}}""");
            Service.RunAsInstalled();
            Assert.Contains("deploy/base/rbac.yaml", await trial.LineAsync("Failed to list services"), StringComparison.Ordinal);

            // Now it sees the ConfigMap, and of Services nothing: that is no reason to write, even though the Lease is free.
            await Service.Kubectl.RunAsync(
                "create", "rolebinding", "dynamic-toolset", "--role=dynamic-toolset",
                $"--serviceaccount={DeployedService.Namespace}:{DeployedService.Account}", "-n", DeployedService.Namespace);
            await Service.IsReadyButForAsync("services-synced");
            double refusals = await Service.ReadMetricAsync(Refusals);
            await Patience.EventuallyAsync(async () => await Service.ReadMetricAsync(Refusals) > refusals, () => "it has been refused once more");
            await Service.ApplyManifestsAsync();
            trial.IsOver();
        });

    [Fact]
    public Task A_ConfigMap_that_is_deleted_as_soon_as_it_is_back_keeps_the_overrides() =>
        new FaultSeries("ConfigMap deleted in a loop", Service, 2 * Deletions).StrikeAsync(async trial =>
        {
            JsonObject last = (await Service.ReadAsync())!;
            for (int i = 0; i < Deletions; i++)
            {
                string uid = (string)last["metadata"]!["uid"]!;
                await Service.AskAsync(HttpMethod.Delete, DeployedService.ConfigMapPath);
                trial.IsOver();
                last = await Service.UntilAsync(c => c is not null && (string)c["metadata"]!["uid"]! != uid, "it is there again");
            }
        });

    [Fact]
    public Task Who_undoes_every_repair_is_named_and_answered_ever_more_seldom() =>
        new FaultSeries("another writer fights over a key", Service, CorrectionsBeforePause + 2).StrikeAsync(async trial =>
        {
            await Patience.EventuallyAsync(
                async () =>
                {
                    await trial.SpoilAsync(Grafana);
                    return Told().Length == 2;
                },
                () => "it is told that there is a fight, and then that repairs are slowed");
            trial.IsOver();
            Assert.All(Told(), line => Assert.Contains("\"manager\":\"rival\"", line, StringComparison.Ordinal));

            string[] Told() => [.. trial.Lines.Where(line => line.Contains(Contested, StringComparison.Ordinal))];
        });

    [Fact]
    public Task GitOps_owns_the_overrides_beside_the_service_and_drops_them_without_a_conflict() =>
        new FaultSeries("GitOps owns overrides.yaml and drops it", Service, mostWrites: 6).StrikeAsync(async trial =>
        {
            await ApplyAsync(trial, "prometheus: {config: {timeout: 70s}}\r\n", "--force-conflicts");
            await Service.HasAsync(Prometheus, "timeout: \"70s\"");
            await Service.AskAsync(HttpMethod.Delete, DeployedService.ConfigMapPath);
            await trial.LineAsync("ConfigMap recreated");
            await Service.UntilAsync(c => c is not null && !FaultTrial.OwnsOverrides(c), "its overrides are nobody's");
            await ApplyAsync(trial, "prometheus: {config: {timeout: 80s}}\r\n");
            await Service.HasAsync(Prometheus, "timeout: \"80s\"");
            await ApplyAsync(trial, null);
            await Service.HasAsync(Prometheus, "timeout: \"30s\"");
            Assert.Null(DeployedService.Data(await Service.ReadAsync(), OverridesKey));
            trial.IsOver();
            await ApplyAsync(trial, AdminText);
        });

    /// <summary>Gives the service a token that dies with a Secret.</summary>
    private async Task<(string Secret, string Token)> RotateAsync()
    {
        string name = $"token-{Guid.NewGuid():N}";
        var secret = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } };
        (int code, JsonObject answer) = await Service.AskAsync(HttpMethod.Post, SecretsPath, secret);
        Assert.True(code == 201, answer.ToJsonString());
        return (name, await Service.SwapAccountAsync((name, (string)answer["metadata"]!["uid"]!)));
    }

    /// <summary>What stands in the repository of GitOps, which knows of nothing else in the ConfigMap.</summary>
    /// <param name="overrides">Null for none.</param>
    private async Task ApplyAsync(FaultTrial trial, string? overrides, params string[] more)
    {
        var manifest = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = DeployedService.ConfigMap, ["namespace"] = DeployedService.Namespace },
        };
        if (overrides is not null)
            manifest["data"] = new JsonObject { [OverridesKey] = overrides };
        string file = Service.Kubectl.Write("gitops.json", manifest.ToJsonString());
        trial.IsByOthers(await Service.Kubectl.RunAsync(
            ["apply", "--server-side", "--field-manager=gitops", "-f", file, "-o", "jsonpath={.metadata.resourceVersion}", .. more]));
    }

    public sealed class Fixture : IAsyncDisposable
    {
        private RealServer? _server;
        private DeployedService? _service;

        public async ValueTask DisposeAsync()
        {
            if (_service is not null)
                await _service.DisposeAsync();
            if (_server is not null)
                await _server.DisposeAsync();
            (_service, _server) = (null, null);
        }

        internal async Task<DeployedService> ServiceAsync()
        {
            _server ??= await OwnServerAsync();
            return _service ??= await InstallAsync(_server);
        }
    }
}
