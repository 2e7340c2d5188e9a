using DynamicToolset.Service.Discoveries;
using DynamicToolset.Service.Tests.Samples;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Discoveries;

/// <summary>Who asks for discoveries, and what is kept of them.</summary>
public sealed class DiscoveryJobsTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly DiscoveryJobs _jobs;

    public DiscoveryJobsTests() => _jobs = new DiscoveryJobs("pod-0.node", TimeSpan.FromSeconds(17), _time, new Random(1));

    [Fact]
    public void A_job_is_called_after_its_replica_and_none_after_another_job()
    {
        string[] ids = [.. Enumerable.Range(0, 5).Select(_ => Run().Id)];
        Assert.Equal(5, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches(@"\Apod-0\.node\.[1-5]-[0-9a-f]{16}\z", id));
        Assert.All(ids, id => Assert.Equal("pod-0.node", DiscoveryJob.ReplicaOf(id)));
        Assert.Null(DiscoveryJob.ReplicaOf("nothing"));
        Assert.Null(DiscoveryJob.ReplicaOf(".1-a"));
    }

    [Fact]
    public void Those_who_join_gather_no_more_than_one_may_ask_for()
    {
        DiscoveryScope hundred = new([.. Enumerable.Range(0, 100).Select(i => $"ns-{i}")], []);
        Assert.Equal(100, hundred.Or(hundred).Namespaces.Count);
        Assert.True(hundred.Or(new DiscoveryScope(["one-more"], [])).IsAll);
    }

    [Fact]
    public void A_second_request_joins_the_one_that_runs()
    {
        DiscoveryAcceptance first = Ask();
        DiscoveryAcceptance second = Ask();
        Assert.False(first.HasJoined);
        Assert.Equal((true, false, false), (second.HasJoined, second.IsForcedNow, second.IsWidened));
        Assert.Equal((first.Job.Id, 2), (second.Job.Id, second.Job.Requests));
        _jobs.Succeed(wasForced: false, States.Empty);
        Assert.NotEqual(first.Job.Id, Ask().Job.Id);
    }

    [Fact]
    public void Who_joins_with_force_has_the_job_go_on_until_that_is_done_too()
    {
        string id = Ask().Job.Id;
        Assert.True(Ask(force: true).IsForcedNow);
        Assert.False(Ask(force: true).IsForcedNow);
        Assert.True(Ask().Job.Force);
        // What has just ended was without.
        Assert.Null(_jobs.Succeed(wasForced: false, States.Empty));
        Assert.Equal("running", _jobs.Find(id)!.State);
        Assert.Equal("succeeded", _jobs.Succeed(wasForced: true, States.Empty)!.State);
        Assert.Null(_jobs.Running);
    }

    [Theory]
    [InlineData("a", "", "a", "", "a", "", false)]
    [InlineData("a", "", "b", "", "a,b", "", true)]
    [InlineData("a", "grafana", "b", "jaeger", "a,b", "grafana,jaeger", true)]
    [InlineData("a", "grafana", "", "", "", "", true)]
    [InlineData("a", "grafana", "a", "", "a", "", true)]
    [InlineData("", "", "a", "grafana", "", "", false)]
    public void A_result_tells_what_either_asked_for(string ns, string type, string otherNs, string otherType, string bothNs, string bothTypes, bool isWidened)
    {
        Ask(scope: Scope(ns, type));
        DiscoveryAcceptance joined = Ask(scope: Scope(otherNs, otherType));
        Assert.Equal((bothNs, bothTypes, isWidened), (string.Join(',', joined.Job.Scope.Namespaces), string.Join(',', joined.Job.Scope.Types), joined.IsWidened));
    }

    [Fact]
    public void The_estimate_is_the_longest_of_the_last_five_of_its_kind_and_never_in_the_past()
    {
        Assert.Equal((1, 18), (EstimateOf(force: false), EstimateOf(force: true)));
        foreach (int seconds in (int[])[40, 3, 7, 2])
            Run(force: true, seconds);
        Assert.Equal((1, 40), (EstimateOf(force: false), EstimateOf(force: true)));
        Run(force: true, 5);
        Run(force: true, 4);
        Assert.Equal((1, 7), (EstimateOf(force: false), EstimateOf(force: true)));
        Ask();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(_time.GetUtcNow(), Ask().Job.EstimatedCompletion);
        Assert.Equal(_time.GetUtcNow().AddSeconds(7), Ask(force: true).Job.EstimatedCompletion);
    }

    [Fact]
    public void A_job_that_failed_says_why_and_counts_for_no_estimate()
    {
        string id = Ask().Job.Id;
        _time.Advance(TimeSpan.FromSeconds(30));
        _jobs.Fail(DiscoveryFailure.ListFailed("refused"));
        DiscoveryJob job = _jobs.Find(id)!;
        Assert.Equal(("failed", "listFailed", "refused", _time.GetUtcNow()), (job.State, job.Failure!.Reason, job.Failure.Detail, job.CompletedAt));
        Assert.Equal(1, EstimateOf(force: false));
    }

    [Fact]
    public void The_last_hundred_are_kept_for_an_hour()
    {
        string[] ids = [.. Enumerable.Range(0, 101).Select(_ => Run().Id)];
        Assert.Equal(ids[1..], ids.Where(id => _jobs.Find(id) is not null));
        _time.Advance(TimeSpan.FromMinutes(60));
        Assert.NotNull(_jobs.Find(ids[1]));
        string last = Run().Id;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([last], ids.Append(last).Where(id => _jobs.Find(id) is not null));
    }

    [Fact]
    public void What_runs_at_the_stop_has_failed_and_nothing_begins_after_it()
    {
        string id = Ask().Job.Id;
        Assert.Equal("stopping", _jobs.Close()!.Failure!.Reason);
        Assert.Equal("failed", _jobs.Find(id)!.State);
        Assert.Null(_jobs.Request(force: false, DiscoveryScope.All, States.Empty, "c"));
        Assert.Null(_jobs.Close());
    }

    private static DiscoveryScope Scope(string ns, string type) => DiscoveryScope.Of(Split(ns), Split(type));

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private DiscoveryAcceptance Ask(bool force = false, DiscoveryScope? scope = null) =>
        _jobs.Request(force, scope ?? DiscoveryScope.All, States.Empty, "c")!;

    private DiscoveryJob Run(bool force = false, double seconds = 0)
    {
        Ask(force);
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return _jobs.Succeed(force, States.Empty)!;
    }

    /// <summary>In seconds from now.</summary>
    private double EstimateOf(bool force)
    {
        double estimate = (Ask(force).Job.EstimatedCompletion - _time.GetUtcNow()).TotalSeconds;
        _jobs.Fail(DiscoveryFailure.Stopping);
        return estimate;
    }
}
