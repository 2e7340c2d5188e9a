using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Rounds;

/// <summary>What rounds do of what they decided, by who leads.</summary>
public sealed class LeadershipTests
{
    private const string InA = "a/grafana app=grafana service:3000", InB = "b/grafana app=grafana service:3000";

    private static readonly Leadership First = new Leadership.Leader("f1"), Second = new Leadership.Leader("f2"), Follower = new Leadership.Follower("other_1");

    private readonly RoundWorld _world = new();

    [Fact]
    public void Who_is_alone_fences_nothing()
    {
        _world.With(InA).Settle();
        Assert.Null(Epoch());
        Assert.Empty(_world.Fences);
    }

    [Fact]
    public void A_follower_decides_what_the_leader_does_and_carries_nothing_out()
    {
        _world.Leadership = Follower;
        _world.With(InA).Round().Check().Round();
        Assert.IsType<ConfigMapPlan.Create>(_world.Decision!.Plan);
        Assert.IsType<ConfigMapPlan.None>(_world.Decision.Step);
        Assert.Equal(Follower, _world.State!.Leadership);
        Assert.Contains(_world.State.Result.Desired.Data, d => d.Key == "grafana-toolset.yaml");
        Assert.Equal(0, _world.Writes);
    }

    [Fact]
    public void Who_creates_the_ConfigMap_fences_it_by_that()
    {
        _world.Leadership = First;
        _world.With(InA).Settle();
        Assert.Equal("f1", Epoch());
        Assert.Empty(_world.Fences);
    }

    [Fact]
    public void A_take_over_writes_the_fence_and_where_nothing_differs_nothing_else()
    {
        Settled();
        int writes = _world.Writes;
        _world.Restart();
        _world.Leadership = Follower;
        _world.Round(areFirstChecksDone: false).Check().Pass(5).Round().Check().Round();
        _world.Leadership = Second;
        _world.Settle();
        Assert.Equal((writes, "f2"), (_world.Writes, Epoch()));
        Assert.Equal(["f2"], _world.Fences);
        for (int i = 0; i < 100; i++)
            _world.Pass(30).Round().Check();
        Assert.Equal((writes, 1), (_world.Writes, _world.Fences.Count));
    }

    [Fact]
    public void The_fence_comes_before_all_that_differs_and_that_comes_next()
    {
        Settled();
        _world.Leadership = Second;
        _world.Edit(c => c.With("grafana-toolset.yaml", "spoilt")).Round();
        Assert.Equal(["f2"], _world.Fences);
        Assert.Equal("spoilt", _world.Present.Data["grafana-toolset.yaml"]);
        _world.Round();
        Assert.Equal("http://grafana.a:3000", _world.UrlOf("grafana"));
    }

    [Fact]
    public void The_fence_waits_for_nothing_that_writes_wait_for()
    {
        Settled();
        _world.Restart();
        _world.Leadership = Second;
        _world.With(InB).Round(areFirstChecksDone: false);
        Assert.Equal(["f2"], _world.Fences);
        Assert.NotNull(_world.Decision!.LookAgainAt);
    }

    [Fact]
    public void What_may_not_be_changed_is_fenced_all_the_same()
    {
        Settled();
        _world.Edit(c => c.With("grafana-toolset.yaml", "spoilt") with { Immutable = true });
        _world.Leadership = Second;
        _world.Round();
        Assert.IsType<ConfigMapPlan.Refuse>(_world.Decision!.Plan);
        Assert.Equal("f2", Epoch());
    }

    [Fact]
    public void A_fence_whose_answer_was_lost_is_found_and_not_written_again()
    {
        Settled();
        _world.Leadership = Second;
        _world.Edit(c => c with { Annotations = c.Annotations.SetItem(DesiredConfigMap.LeaderEpochAnnotation, "f2") }).Settle();
        Assert.Empty(_world.Fences);
    }

    [Fact]
    public void Whoever_takes_the_fence_away_changes_nothing_that_is_repaired()
    {
        Settled();
        int writes = _world.Writes;
        _world.Edit(c => c with { Annotations = c.Annotations.Remove(DesiredConfigMap.LeaderEpochAnnotation) }).Settle();
        Assert.Equal((writes, 0), (_world.Writes, _world.Fences.Count));
        Assert.Empty(Problems.Of(_world.State!));
    }

    [Fact]
    public void Who_sees_the_fence_of_another_after_its_own_writes_nothing_in_that_term_however_wrong_all_is()
    {
        Settled();
        int writes = _world.Writes;
        _world.Edit(c => c.With("grafana-toolset.yaml", "spoilt") with { Annotations = c.Annotations.SetItem(DesiredConfigMap.LeaderEpochAnnotation, "f2") });
        for (int i = 0; i < 3; i++)
        {
            _world.Pass(300).Round();
            Assert.IsType<ConfigMapPlan.Yield>(_world.Decision!.Step);
        }

        Assert.Equal((writes, 0, "f2"), (_world.Writes, _world.Fences.Count, Epoch()));
        _world.Leadership = new Leadership.Leader("f3");
        _world.Settle();
        Assert.Equal(("f3", "http://grafana.a:3000"), (Epoch(), _world.UrlOf("grafana")));
    }

    /// <summary>By a tool that applies an export of the ConfigMap again and again.</summary>
    [Fact]
    public void A_fence_that_was_yielded_to_once_and_comes_again_is_nobody_s()
    {
        Settled();
        Apply("stale");
        _world.Round();
        Assert.IsType<ConfigMapPlan.Yield>(_world.Decision!.Step);
        _world.Leadership = Second;
        _world.Settle();
        Apply("stale");
        _world.Settle();
        Assert.Equal(("stale", "http://grafana.a:3000"), (Epoch(), _world.UrlOf("grafana")));
        Assert.Equal(["f2"], _world.Fences);
        Apply("another");
        _world.Round();
        Assert.IsType<ConfigMapPlan.Yield>(_world.Decision!.Step);

        void Apply(string fence) => _world.Edit(c =>
            c.With("grafana-toolset.yaml", "spoilt") with { Annotations = c.Annotations.SetItem(DesiredConfigMap.LeaderEpochAnnotation, fence) });
    }

    /// <summary>Checks of a follower fail, with its network, and then it takes over.</summary>
    [Fact]
    public void What_the_leader_put_in_place_while_a_follower_reached_nothing_stays_when_that_one_takes_over()
    {
        RoundWorld follower = _world;
        Settled();
        follower.Restart();
        follower.Leadership = Follower;
        follower.Round(areFirstChecksDone: false).Check().Round();
        follower.With(InB).Down("a/grafana", "b/grafana").Round().Check().Check().Round();
        follower.Edit(c => c.With("grafana-b-grafana-toolset.yaml", "toolset: grafana\nenabled: true\nconfig:\n  url: \"http://grafana.b:3000\"\n")).Round();
        follower.Check().Check().Round();
        follower.Leadership = Second;
        follower.Settle();
        Assert.Equal("grafana-b-grafana grafana kubernetes", follower.Keys);
        Assert.Contains(Problems.Of(follower.State!), p => p.Kind == ProblemKind.HealthPanic);
    }

    [Fact]
    public void Nor_does_it_go_where_the_take_over_is_in_the_same_round_as_the_news_of_it()
    {
        Settled();
        _world.Restart();
        _world.Leadership = Follower;
        _world.Round(areFirstChecksDone: false).Check().Round();
        _world.With(InB).Down("a/grafana", "b/grafana").Round().Check().Check().Round();
        _world.Edit(c => c.With("grafana-b-grafana-toolset.yaml", "toolset: grafana\nenabled: true\nconfig:\n  url: \"http://grafana.b:3000\"\n"));
        _world.Leadership = Second;
        _world.Settle();
        Assert.Equal("grafana-b-grafana grafana kubernetes", _world.Keys);
    }

    [Fact]
    public void A_fence_that_could_not_be_written_is_tried_again()
    {
        Settled();
        _world.Leadership = Second;
        _world.DoWritesFail = true;
        _world.Round();
        _world.DoWritesFail = false;
        _world.Round();
        Assert.Equal(["f2"], _world.Fences);
    }

    [Fact]
    public void Who_leads_again_fences_again()
    {
        Settled();
        _world.Leadership = Follower;
        _world.Round();
        _world.Leadership = Second;
        _world.Settle();
        Assert.Equal("f2", Epoch());
    }

    /// <summary>Health differs for a while from replica to replica, and who holds a name must not.</summary>
    [Fact]
    public void A_follower_knows_by_the_ConfigMap_alone_who_holds_a_name()
    {
        _world.Leadership = First;
        _world.With(InA, InB).Settle();
        _world.Restart();
        _world.Leadership = Follower;
        _world.Down("a/grafana").Round(areFirstChecksDone: false).Check().Round();
        _world.Down().Check().Round();
        _world.Leadership = Second;
        int writes = _world.Writes;
        _world.Settle();
        Assert.Equal("http://grafana.a:3000", _world.UrlOf("grafana"));
        Assert.Equal(writes, _world.Writes);
    }

    private void Settled()
    {
        _world.Leadership = First;
        _world.With(InA).Settle();
    }

    private string? Epoch() => _world.Present.Annotations.GetValueOrDefault(DesiredConfigMap.LeaderEpochAnnotation);
}
