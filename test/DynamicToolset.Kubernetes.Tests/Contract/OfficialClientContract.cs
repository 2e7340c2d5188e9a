using System.Collections.Immutable;
using System.Net;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Reconciliation;
using DynamicToolset.Testing;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>
/// The official .NET client, https://github.com/kubernetes-client/csharp, beside the client under test: what one writes the other reads, on the
/// real API server and on the simulated one. So the protocol is not only what this program takes it for.
/// </summary>
public abstract class OfficialClientContract : IAsyncLifetime
{
    private const string Mine = "# mine\r\n\tkey: \"😀\"  \n\n";
    private static readonly ImmutableSortedDictionary<string, string> NoPairs = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    private static readonly ImmutableSortedDictionary<string, string?> NoChanges = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    // Whole seconds, the client writes without a fraction, which API servers refuse.
    private static readonly DateTime Noon = new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc).AddTicks(1_234_560);

    private ContractCluster? _cluster;
    private k8s.Kubernetes? _official;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ContractCluster Cluster => _cluster!;

    private k8s.Kubernetes Official => _official!;

    public async ValueTask InitializeAsync() => await UseAsync(await ServerAsync());

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _official?.Dispose();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        await ReleaseAsync();
    }

    protected abstract Task<IApiServer> ServerAsync();

    /// <summary>For a test that breaks it: where tests share a server, another one.</summary>
    protected virtual Task<IApiServer> ServerToRestartAsync() => Task.FromResult(Cluster.Server);

    /// <summary>After the test: ends a server that was its own, or fails where a shared one has died.</summary>
    protected abstract ValueTask ReleaseAsync();

    [Fact]
    public async Task It_finds_out_the_version_and_the_groups()
    {
        Assert.NotEmpty((await Official.Version.GetCodeAsync(Stop)).GitVersion);
        Assert.Contains("coordination.k8s.io", (await Official.Apis.GetAPIVersionsAsync(Stop)).Groups.Select(group => group.Name));
        Assert.Contains("configmaps", (await Official.CoreV1.GetAPIResourcesAsync(Stop)).Resources.Select(resource => resource.Name));
    }

    [Fact]
    public async Task It_joins_the_pages_of_a_list()
    {
        for (int i = 0; i < 7; i++)
            await Official.CoreV1.CreateNamespacedServiceAsync(Headless($"s-{i}"), Cluster.Namespace, cancellationToken: Stop);
        var names = new List<string>();
        string? next = null;
        do
        {
            V1ServiceList page = await Official.CoreV1.ListNamespacedServiceAsync(
                Cluster.Namespace, limit: 3, continueParameter: next, cancellationToken: Stop);
            names.AddRange(page.Items.Select(item => item.Name()));
            next = page.Continue();
        }
        while (!string.IsNullOrEmpty(next));
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"s-{i}"), names);
        Assert.Equal(names, (await Cluster.Api.ListServicesAsync(Cluster.Namespace, Stop)).Items.Select(item => item.Key.Name));
    }

    [Fact]
    public async Task It_reads_every_byte_of_what_this_program_wrote()
    {
        var content = new ConfigMapContent(NoPairs.Add("app", "x"), NoPairs.Add("example.com/note", "a: \"b\"\n"), NoPairs.Add("a.yaml", Mine));
        ConfigMapRecord created = await Cluster.Api.CreateConfigMapAsync(Cluster.Key, content, Stop);
        V1ConfigMap read = await ReadAsync();
        Assert.Equal((created.Uid, created.ResourceVersion), (read.Uid(), read.ResourceVersion()));
        Assert.Equal(Mine, read.Data["a.yaml"]);
        Assert.Equal(("x", "a: \"b\"\n"), (read.GetLabel("app"), read.GetAnnotation("example.com/note")));
        Assert.Equal("dynamic-toolset", Assert.Single(read.Metadata.ManagedFields).Manager);
    }

    [Fact]
    public async Task This_program_reads_every_byte_of_what_it_wrote()
    {
        V1ConfigMap written = await Official.CoreV1.CreateNamespacedConfigMapAsync(
            new V1ConfigMap
            {
                Metadata = new V1ObjectMeta { Name = Cluster.Key.Name },
                Data = new Dictionary<string, string> { ["overrides.yaml"] = Mine },
                BinaryData = new Dictionary<string, byte[]> { ["raw"] = [0, 1, 2, 255] },
            },
            Cluster.Namespace,
            cancellationToken: Stop);
        ConfigMapRecord? read = await Cluster.Api.GetConfigMapAsync(Cluster.Key, Stop);
        Assert.Equal((written.Uid(), written.ResourceVersion(), Mine), (read!.Uid, read.ResourceVersion, read.Data["overrides.yaml"]));
        Assert.Equal(["raw"], read.BinaryData.Keys);
    }

    [Fact]
    public async Task What_it_keeps_survives_a_patch_of_this_program()
    {
        V1ConfigMap written = await Official.CoreV1.CreateNamespacedConfigMapAsync(
            new V1ConfigMap
            {
                Metadata = new V1ObjectMeta { Name = Cluster.Key.Name },
                Data = new Dictionary<string, string> { ["overrides.yaml"] = Mine, ["a"] = "1" },
                BinaryData = new Dictionary<string, byte[]> { ["raw"] = [0, 1, 2, 255] },
            },
            Cluster.Namespace,
            cancellationToken: Stop);
        await Cluster.Api.PatchConfigMapAsync(
            Cluster.Key, new ConfigMapPatch(written.ResourceVersion(), NoChanges, NoChanges, NoChanges.Add("a", null), []), Stop);
        V1ConfigMap read = await ReadAsync();
        Assert.Equal([new("overrides.yaml", Mine)], read.Data);
        Assert.Equal([0, 1, 2, 255], read.BinaryData["raw"]);
    }

    [Fact]
    public async Task Of_it_and_this_program_the_later_writer_from_an_old_version_is_refused()
    {
        ConfigMapRecord created = await Cluster.Api.CreateConfigMapAsync(Cluster.Key, new ConfigMapContent(NoPairs, NoPairs, NoPairs.Add("a", "1")), Stop);
        V1ConfigMap read = await ReadAsync();
        var patch = new ConfigMapPatch(created.ResourceVersion, NoChanges, NoChanges, NoChanges.Add("a", "2"), []);
        await Cluster.Api.PatchConfigMapAsync(Cluster.Key, patch, Stop);
        read.Data["a"] = "3";
        await RefusedAsync(HttpStatusCode.Conflict, () =>
            Official.CoreV1.ReplaceNamespacedConfigMapAsync(read, Cluster.Key.Name, Cluster.Namespace, cancellationToken: Stop));

        V1ConfigMap newer = await ReadAsync();
        newer.Data["a"] = "4";
        await Official.CoreV1.ReplaceNamespacedConfigMapAsync(newer, Cluster.Key.Name, Cluster.Namespace, cancellationToken: Stop);
        KubeApiException conflict = await Assert.ThrowsAsync<KubeApiException>(() => Cluster.Api.PatchConfigMapAsync(Cluster.Key, patch, Stop));
        Assert.True(conflict.IsConflict);
    }

    [Fact]
    public async Task It_watches_what_this_program_does()
    {
        string version = (await Cluster.Api.ListConfigMapAsync(Cluster.Key, Stop)).ResourceVersion;
        ConfigMapRecord created = await Cluster.Api.CreateConfigMapAsync(Cluster.Key, new ConfigMapContent(NoPairs, NoPairs, NoPairs.Add("a", "1")), Stop);
        var patch = new ConfigMapPatch(created.ResourceVersion, NoChanges, NoChanges, NoChanges.Add("a", Mine), []);
        await Cluster.Api.PatchConfigMapAsync(Cluster.Key, patch, Stop);
        await Official.CoreV1.DeleteNamespacedConfigMapAsync(Cluster.Key.Name, Cluster.Namespace, cancellationToken: Stop);

        var seen = new List<(WatchEventType, string)>();
        await foreach ((WatchEventType type, V1ConfigMap item) in WatchAsync(version, seconds: 60))
        {
            seen.Add((type, item.Data["a"]));
            if (type == WatchEventType.Deleted)
                break;
        }

        Assert.Equal([(WatchEventType.Added, "1"), (WatchEventType.Modified, Mine), (WatchEventType.Deleted, Mine)], seen);
    }

    [Fact]
    public async Task It_understands_bookmarks()
    {
        await Cluster.GivenAsync(("a", "1"));
        string version = (await ReadAsync()).ResourceVersion();
        await Cluster.PostAsync(Cluster.ConfigMaps, ContractCluster.Named("other"));
        await Cluster.WhileOthersChangeAsync(async () =>
        {
            // kube-apiserver sends one two seconds before the end, and only where something changed meanwhile.
            await foreach ((WatchEventType type, V1ConfigMap item) in WatchAsync(version, seconds: 4))
            {
                Assert.Equal(WatchEventType.Bookmark, type);
                if (item.ResourceVersion() != version)
                    return true;
            }

            return false;
        });
    }

    [Fact]
    public async Task It_is_told_that_a_version_to_watch_from_is_gone()
    {
        await UseAsync(await ServerToRestartAsync());
        string version = (await Cluster.Api.ListConfigMapAsync(Cluster.Key, Stop)).ResourceVersion;
        await Cluster.GivenAsync(("a", "1"));
        await Cluster.ExpireWatchesAsync();
        KubernetesException gone = await Assert.ThrowsAsync<KubernetesException>(async () =>
        {
            await foreach ((WatchEventType, V1ConfigMap) _ in WatchAsync(version, seconds: 60, error => throw error))
                Assert.Fail("There was an event.");
        });
        Assert.Equal((410, "Expired"), (gone.Status.Code, gone.Status.Reason));
    }

    [Fact]
    public async Task It_renews_a_Lease_from_the_newest_version_alone()
    {
        V1Lease lease = await Official.CoordinationV1.CreateNamespacedLeaseAsync(
            new V1Lease { Metadata = new V1ObjectMeta { Name = "lease" } }, Cluster.Namespace, cancellationToken: Stop);
        lease.Spec = new V1LeaseSpec { HolderIdentity = "one", LeaseDurationSeconds = 15, RenewTime = Noon };
        V1Lease taken = await Official.CoordinationV1.ReplaceNamespacedLeaseAsync(lease, "lease", Cluster.Namespace, cancellationToken: Stop);
        Assert.Equal(("one", lease.Spec.RenewTime), (taken.Spec.HolderIdentity, taken.Spec.RenewTime));
        await RefusedAsync(HttpStatusCode.Conflict, () =>
            Official.CoordinationV1.ReplaceNamespacedLeaseAsync(lease, "lease", Cluster.Namespace, cancellationToken: Stop));
    }

    [Fact]
    public async Task It_reads_the_Events_of_this_program()
    {
        DateTimeOffset noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        var trouble = new KubeEvent("e.1", new EventSubject("ConfigMap", Cluster.Key, "1"), "Trouble", "text", 1, noon, noon);
        await Cluster.Api.CreateEventAsync(trouble, Stop);
        await Cluster.Api.RepeatEventAsync(trouble with { Count = 2, Last = noon.AddMinutes(5) }, Stop);
        Corev1Event read = Assert.Single((await Official.CoreV1.ListNamespacedEventAsync(
            Cluster.Namespace, fieldSelector: "involvedObject.name=toolsets", cancellationToken: Stop)).Items);
        Assert.Equal((2, "Trouble", "text", "Warning"), (read.Count, read.Reason, read.Message, read.Type));
        Assert.Equal((noon.UtcDateTime, noon.AddMinutes(5).UtcDateTime), (read.FirstTimestamp, read.LastTimestamp));
    }

    [Fact]
    public async Task It_creates_an_Event()
    {
        Corev1Event created = await Official.CoreV1.CreateNamespacedEventAsync(
            new Corev1Event
            {
                Metadata = new V1ObjectMeta { Name = "e.1" },
                InvolvedObject = new V1ObjectReference { Kind = "ConfigMap", Name = "x", NamespaceProperty = Cluster.Namespace },
                Reason = "Trouble",
                EventTime = Noon,
                Action = "Looking",
                ReportingComponent = "example.com/other",
                ReportingInstance = "one",
                Type = "Normal",
            },
            Cluster.Namespace,
            cancellationToken: Stop);
        Assert.NotEmpty(created.Uid());
    }

    [Fact]
    public async Task It_asks_who_carries_a_token_and_what_they_may_do()
    {
        ContractAccount account = await Cluster.AccountAsync();
        await account.AllowConfigMapAsync("get");
        V1TokenReview review = await Official.AuthenticationV1.CreateTokenReviewAsync(
            new V1TokenReview { Spec = new V1TokenReviewSpec { Token = account.Token } }, cancellationToken: Stop);
        Assert.True(review.Status.Authenticated);
        Assert.Equal(account.UserName, review.Status.User.Username);
        Assert.True(await MayAsync(review.Status.User, "get"));
        Assert.False(await MayAsync(review.Status.User, "delete"));

        V1TokenReview garbage = await Official.AuthenticationV1.CreateTokenReviewAsync(
            new V1TokenReview { Spec = new V1TokenReviewSpec { Token = "garbage" } }, cancellationToken: Stop);
        Assert.NotEqual(true, garbage.Status.Authenticated);
    }

    [Fact]
    public async Task It_requests_a_token_that_this_program_can_use()
    {
        await Official.CoreV1.CreateNamespacedServiceAccountAsync(
            new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = "service" } }, Cluster.Namespace, cancellationToken: Stop);
        Authenticationv1TokenRequest answer = await Official.CoreV1.CreateNamespacedServiceAccountTokenAsync(
            new Authenticationv1TokenRequest { Spec = new V1TokenRequestSpec { Audiences = [], ExpirationSeconds = 3600 } },
            "service",
            Cluster.Namespace,
            cancellationToken: Stop);
        Assert.True(answer.Status.ExpirationTimestamp > TimeProvider.System.GetUtcNow().UtcDateTime);
        Assert.NotEmpty((await Cluster.Known("service", answer.Status.Token).Api.GetVersionAsync(Stop)).GitVersion);
    }

    [Fact]
    public async Task It_understands_a_refusal()
    {
        var service = new V1Service { Metadata = new V1ObjectMeta { Name = "Not_A_Name" }, Spec = new V1ServiceSpec { ClusterIP = "None" } };
        HttpOperationException refusal = await RefusedAsync(HttpStatusCode.UnprocessableEntity, () =>
            Official.CoreV1.CreateNamespacedServiceAsync(service, Cluster.Namespace, cancellationToken: Stop));
        V1Status status = KubernetesJson.Deserialize<V1Status>(refusal.Response.Content);
        Assert.Equal((422, "Invalid", "Failure"), (status.Code, status.Reason, status.Status));
        Assert.Contains("metadata.name", status.Details.Causes.Select(cause => cause.Field));
    }

    private static V1Service Headless(string name) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1ServiceSpec { ClusterIP = "None", Ports = [new V1ServicePort { Port = 80 }] },
    };

    private static async Task<HttpOperationException> RefusedAsync(HttpStatusCode code, Func<Task> call)
    {
        HttpOperationException refusal = await Assert.ThrowsAsync<HttpOperationException>(call);
        Assert.Equal(code, refusal.Response.StatusCode);
        return refusal;
    }

    private Task<V1ConfigMap> ReadAsync() => Official.CoreV1.ReadNamespacedConfigMapAsync(Cluster.Key.Name, Cluster.Namespace, cancellationToken: Stop);

    private async Task UseAsync(IApiServer server)
    {
        _official?.Dispose();
        await (_cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
        _cluster = await ContractCluster.CreateAsync(server);
        _official = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(_cluster.Kubeconfig));
    }

    private IAsyncEnumerable<(WatchEventType Type, V1ConfigMap Item)> WatchAsync(string version, int seconds, Action<Exception>? onError = null) =>
        Official.CoreV1.WatchListNamespacedConfigMapAsync(
            Cluster.Namespace,
            allowWatchBookmarks: true,
            fieldSelector: $"metadata.name={Cluster.Key.Name}",
            resourceVersion: version,
            timeoutSeconds: seconds,
            onError: onError,
            cancellationToken: Stop);

    private async Task<bool> MayAsync(V1UserInfo user, string verb)
    {
        V1SubjectAccessReview review = await Official.AuthorizationV1.CreateSubjectAccessReviewAsync(
            new V1SubjectAccessReview
            {
                Spec = new V1SubjectAccessReviewSpec
                {
                    User = user.Username,
                    Groups = user.Groups,
                    ResourceAttributes = new V1ResourceAttributes
                    {
                        Verb = verb,
                        Resource = "configmaps",
                        NamespaceProperty = Cluster.Namespace,
                        Name = Cluster.Key.Name,
                    },
                },
            },
            cancellationToken: Stop);
        return review.Status.Allowed;
    }
}
