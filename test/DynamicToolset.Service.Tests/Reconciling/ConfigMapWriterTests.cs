using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;
using DynamicToolset.Sandbox;
using DynamicToolset.Service.LeaderElection;
using DynamicToolset.Service.Reconciling;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Reconciling;

public sealed class ConfigMapWriterTests
{
    private const string Key = "kubernetes-toolset.yaml";

    private static readonly ImmutableArray<Drift> KeyDrift = [new Drift(DriftKind.Modified, Key, "them")];

    private static readonly ImmutableSortedDictionary<string, string?> Nothing = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    private static readonly Leadership Alone = new Leadership.Alone();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_the_owners_are_refused_the_rest_is_written_and_it_is_told_what_was_refused()
    {
        await WithWriterAsync(RefuseOwners, async (cluster, writer) =>
        {
            WriteOutcome outcome = await writer.CarryOutAsync(Adopting(cluster, Nothing.Add(Key, "mine")), KeyDrift, wasThere: true, begun: 0, Alone, Stop);
            Assert.NotNull(Assert.IsType<WriteOutcome.Written>(outcome).OwnersRefused);
            Assert.Equal("mine", cluster.Data(Key));
        });
    }

    [Fact]
    public async Task Where_nothing_but_the_owners_was_to_be_written_no_write_is_told_of()
    {
        await WithWriterAsync(RefuseOwners, async (cluster, writer) =>
        {
            string before = cluster.Version();
            Assert.IsType<WriteOutcome.OnlyOwnersRefused>(await writer.CarryOutAsync(Adopting(cluster, Nothing), [], wasThere: true, begun: 0, Alone, Stop));
            Assert.Equal(before, cluster.Version());
        });
    }

    [Fact]
    public async Task After_a_recovered_outage_the_next_single_failure_is_tried_again_within_a_second()
    {
        int failures = 8;
        await WithWriterAsync(Failing(() => failures-- > 0), async (cluster, writer) =>
        {
            await FailAsync(7);
            Assert.True(writer.RetryIn > TimeSpan.FromSeconds(5));
            failures = 0;
            await writer.RetryAsync(Repair(cluster, "good"), _time);
            Assert.Equal("good", cluster.Data(Key));
            failures = 1;
            await writer.RetryAsync(Repair(cluster, "better"), _time);
            Assert.InRange(writer.RetryIn!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(1));

            async Task FailAsync(int times)
            {
                for (int i = 0; i < times; i++)
                    await writer.RetryAsync(Repair(cluster, $"{i}"), _time);
            }
        });
    }

    [Fact]
    public async Task Where_nothing_is_left_to_write_after_a_failure_nothing_waits_and_the_next_write_keeps_to_the_pause()
    {
        await WithWriterAsync(Failing(() => true), async (cluster, writer) =>
        {
            await writer.RetryAsync(Repair(cluster, "x"), _time);
            Assert.NotNull(writer.RetryIn);
            await writer.CarryOutAsync(new ConfigMapPlan.None(), [], wasThere: true, begun: 0, Alone, Stop);
            Assert.Null(writer.RetryIn);
            int requests = cluster.Writes();
            await writer.CarryOutAsync(Repair(cluster, "y"), [], wasThere: true, begun: 0, Alone, Stop);
            Assert.Equal(requests, cluster.Writes());
            Assert.InRange(writer.RetryIn!.Value, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
        });
    }

    [Fact]
    public async Task The_first_write_of_a_term_does_not_wait_for_what_failed_in_one_before()
    {
        int failures = 1;
        await WithWriterAsync(Failing(() => failures-- > 0), async (cluster, writer) =>
        {
            await writer.CarryOutAsync(Repair(cluster, "x"), [], wasThere: true, begun: 0, new Leadership.Leader("f1"), Stop);
            Assert.NotNull(writer.RetryIn);
            Assert.IsType<WriteOutcome.Fenced>(await writer.CarryOutAsync(
                new ConfigMapPlan.Fence(cluster.Version(), "f2"), [], wasThere: true, begun: 0, new Leadership.Leader("f2"), Stop));
        });
    }

    [Fact]
    public async Task Who_yields_says_so_and_sends_nothing()
    {
        await WithWriterAsync(new KubeSimOptions(), async (cluster, writer) =>
        {
            Leadership decidedBy = new Leadership.Leader("f1");
            Assert.IsType<WriteOutcome.NotWritten>(await writer.CarryOutAsync(new ConfigMapPlan.Yield(), KeyDrift, wasThere: true, begun: 0, decidedBy, Stop));
            Assert.Equal([decidedBy], _leadership.Yielded);
            Assert.Equal(0, cluster.Writes());
            Assert.Null(writer.RetryIn);
        });
    }

    [Fact]
    public async Task Without_leave_nothing_is_sent_and_nothing_waits()
    {
        _leadership.Permits = () => null;
        await WithWriterAsync(new KubeSimOptions(), async (cluster, writer) =>
        {
            Assert.IsType<WriteOutcome.NotWritten>(await writer.CarryOutAsync(Repair(cluster, "x"), KeyDrift, wasThere: true, begun: 0, Alone, Stop));
            Assert.Equal(0, cluster.Writes());
            Assert.Null(writer.RetryIn);
        });
    }

    [Fact]
    public async Task The_same_without_owners_is_not_sent_by_one_that_leads_no_more()
    {
        await WithWriterAsync(Refusing(StatusCodes.Status422UnprocessableEntity), async (cluster, writer) =>
        {
            Assert.IsType<WriteOutcome.NotWritten>(
                await writer.CarryOutAsync(Adopting(cluster, Nothing.Add(Key, "mine")), KeyDrift, wasThere: true, begun: 0, Alone, Stop));
            Assert.Equal(1, cluster.Writes());
            Assert.Null(cluster.Data(Key));
        });
    }

    [Fact]
    public async Task After_a_conflict_one_that_leads_no_more_does_not_read()
    {
        await WithWriterAsync(Refusing(StatusCodes.Status409Conflict), async (cluster, writer) =>
        {
            await writer.CarryOutAsync(Repair(cluster, "x"), KeyDrift, wasThere: true, begun: 0, Alone, Stop);
            Assert.Equal((1, 0), (cluster.Writes(), cluster.Api.Requests.Count("get", "configmaps")));
            Assert.Equal(1, _leadership.Doubts);
        });
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_write_that_hangs_ends_with_its_leave_and_is_tried_again(bool isLeadershipOver)
    {
        using var ended = new CancellationTokenSource();
        var hangs = new TaskCompletionSource();
        _leadership.Permits = () => new CallPermit(isLeadershipOver ? null : TimeSpan.FromSeconds(4), ended.Token);
        var options = new KubeSimOptions
        {
            Intercept = async context =>
            {
                if (context.Request.Method != "PATCH")
                    return false;
                hangs.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return true;
            },
        };
        await WithWriterAsync(options, async (cluster, writer) =>
        {
            Task<WriteOutcome> write = writer.CarryOutAsync(Repair(cluster, "x"), KeyDrift, wasThere: true, begun: 0, Alone, Stop);
            await hangs.Task.WithPatienceAsync();
            _time.Advance(TimeSpan.FromSeconds(3.9));
            Assert.False(write.IsCompleted);
            if (isLeadershipOver)
                await ended.CancelAsync();
            else
                _time.Advance(TimeSpan.FromSeconds(0.1));
            Assert.IsType<WriteOutcome.NotWritten>(await write.WithPatienceAsync());
            Assert.InRange(writer.RetryIn!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        });
    }

    [Fact]
    public async Task A_fence_changes_one_annotation_and_tells_of_no_write()
    {
        await WithWriterAsync(new KubeSimOptions(), async (cluster, writer) =>
        {
            string before = cluster.Version();
            var fenced = Assert.IsType<WriteOutcome.Fenced>(
                await writer.CarryOutAsync(new ConfigMapPlan.Fence(before, "f1"), [], wasThere: true, begun: 0, Alone, Stop));
            Assert.Equal([new(DesiredConfigMap.LeaderEpochAnnotation, "f1")], fenced.Present.Annotations);
            Assert.NotEqual(before, cluster.Version());
            Assert.IsType<WriteOutcome.NotWritten>(await writer.CarryOutAsync(new ConfigMapPlan.Fence(before, "f2"), [], wasThere: true, begun: 0, Alone, Stop));
        });
    }

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedLeadership _leadership = new();

    /// <summary>Each write is refused, and with the refusal leadership ends.</summary>
    private KubeSimOptions Refusing(int code) => new()
    {
        Intercept = async context =>
        {
            if (context.Request.Method != "PATCH")
                return false;
            _leadership.Permits = () => null;
            context.Response.StatusCode = code;
            await context.Response.CompleteAsync();
            return true;
        },
    };

    private static KubeSimOptions Failing(Func<bool> isFailing) => new()
    {
        Intercept = async context =>
        {
            if (context.Request.Method != "PATCH" || !isFailing())
                return false;
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await context.Response.CompleteAsync();
            return true;
        },
    };

    private static KubeSimOptions RefuseOwners => new() { Intercept = context => OwnerTests.RefuseOwnersAsync(context, StatusCodes.Status403Forbidden, () => { }) };

    private async Task WithWriterAsync(KubeSimOptions options, Func<TestCluster, ConfigMapWriter, Task> act)
    {
        await using TestCluster cluster = await TestCluster.StartAsync(options);
        cluster.Load("{apiVersion: v1, kind: ConfigMap, metadata: {name: kubernaut-toolset-config, namespace: kubernaut-system}}");
        using KubeApiClient api = cluster.Connect();
        var source = new ConfigMapSource(InformerSources.ConfigMap(api, TestCluster.ConfigMapKey), () => { }, _ => { }, _time, new Random(1));
        var writer = new ConfigMapWriter(
            api, TestCluster.ConfigMapKey, source, _leadership, new Reconnection(), new Random(1), cluster.Metrics, cluster.Spans, _time, NullLogger<ConfigMapWriter>.Instance);
        await act(cluster, writer);
    }

    private static ConfigMapPlan.Patch Adopting(TestCluster cluster, ImmutableSortedDictionary<string, string?> data) => new(
        new ConfigMapPatch(cluster.Version(), Nothing, Nothing, data, []) { Owners = [OwnerReference.ToDeployment("dynamic-toolset", "u")] },
        [.. KeyDrift, new Drift(DriftKind.Metadata, OwnerReference.DriftKey, null)]);

    private static ConfigMapPlan.Patch Repair(TestCluster cluster, string text) =>
        new(new ConfigMapPatch(cluster.Version(), Nothing, Nothing, Nothing.Add(Key, text), []), KeyDrift);
}

internal sealed class ScriptedLeadership : ILeadership
{
    public Func<CallPermit?> Permits { get; set; } = () => new CallPermit(null, CancellationToken.None);

    public Leadership Current { get; } = new Leadership.Alone();

    public int Doubts { get; private set; }

    public List<Leadership> Yielded { get; } = [];

    public CallPermit? Permit(Leadership decidedBy) => Permits();

    public void Doubt() => Doubts++;

    public void Yield(Leadership decidedBy) => Yielded.Add(decidedBy);
}

internal static class WriterAttempts
{
    /// <summary>When the writer may write again.</summary>
    public static async Task RetryAsync(this ConfigMapWriter writer, ConfigMapPlan step, FakeTimeProvider time)
    {
        if (writer.RetryIn is { Ticks: > 0 } wait)
            time.Advance(wait);
        await writer.CarryOutAsync(step, [], wasThere: true, begun: 0, new Leadership.Alone(), TestContext.Current.CancellationToken);
    }
}
