using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.LeaderElection;
using DynamicToolset.Rounds;

namespace DynamicToolset.Tests.Rounds;

/// <summary>What has happened and is told once, each by a few lines of a cluster's life.</summary>
public sealed class NoticesTests
{
    private const string InA = "a/grafana app=grafana service:3000", InB = "b/grafana app=grafana service:3000";
    private const string Key = "grafana-toolset.yaml";
    private const string Where = "overrides.yaml (kubectl edit configmap kubernaut-toolset-config -n kubernaut-system)";

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly RoundWorld _world = new();
    private Notices _notices = new(Interval);

    [Fact]
    public void A_backend_whose_toolset_went_for_its_check_is_told_what_was_asked_what_came_and_what_to_run_next()
    {
        _world.With(InA, InB).Settle();
        Assert.Empty(Hear());
        _world.Down("b/grafana").Check().Round();
        Notice told = Assert.Single(Hear());
        Assert.Equal((NoticeKind.BackendUnhealthy, "b/grafana"), (told.Kind, told.Service.ToString()));
        Assert.Equal(
            "the toolset grafana-b-grafana was removed, since its check fails: GET http://grafana.b:3000/api/health: the connection was refused. It comes back when the check passes. Next: dynamic-toolset explain b/grafana --probe",
            told.Detail);
        Assert.Equal(_world.State!.Detected.Matched.Single(d => d.Service.Key.Namespace == "b").Service.Uid, told.ServiceUid);
        _world.Check().Round();
        Assert.Empty(Hear());
    }

    [Fact]
    public void A_backend_whose_toolset_went_for_what_it_answers_is_told_so()
    {
        RoundWorld world = new RoundWorld().WithQuestions().With("a/p app=prometheus web:9090").Settle("a/p", "prometheus");
        Assert.Empty(Hear(world));
        world.Answer("a/p", "alertmanager").Round();
        Notice told = Assert.Single(Hear(world));
        Assert.Equal((NoticeKind.BackendIsOther, "a/p"), (told.Kind, told.Service.ToString()));
        Assert.Equal(
            "the toolset prometheus was removed, since it was found as prometheus, but answers as alertmanager. It comes back when it answers as prometheus. Next: dynamic-toolset explain a/p --probe",
            told.Detail);
        Assert.Empty(Hear(world.Settle()));
    }

    [Fact]
    public void A_backend_that_comes_and_goes_is_told_of_once_in_the_interval()
    {
        _world.With(InA, InB).Settle();
        Hear();
        Assert.Equal([1, 0, 0, 1], new[] { 60, 60, 180, 60 }.Select(seconds => Flap(seconds)));

        int Flap(int seconds)
        {
            _world.Down("b/grafana").Check().Round();
            int told = Hear().Length;
            _world.Down().Check().Round();
            Hear();
            _world.Pass(seconds);
            return told;
        }
    }

    [Fact]
    public void A_toolset_that_is_still_there_since_nothing_could_be_written_is_not_told_to_be_gone()
    {
        _world.With(InA, InB).Settle();
        Hear();
        _world.DoWritesFail = true;
        _world.Down("b/grafana").Check().Round();
        Assert.Empty(Hear());
        _world.DoWritesFail = false;
        _world.Round();
        Assert.Single(Hear());
    }

    [Fact]
    public void Who_never_had_a_toolset_has_lost_none()
    {
        _world.With(InA, InB).Down("b/grafana").Settle();
        _world.Check().Round();
        Assert.Empty(Hear());
    }

    [Theory]
    [InlineData("the Service goes")]
    [InlineData("the Service opts out")]
    [InlineData("everything fails, and stays")]
    [InlineData("another replica leads")]
    public void A_toolset_that_does_not_go_for_its_check_is_not_told_of(string what)
    {
        _world.With(InA, InB).Settle();
        Hear();
        _ = what switch
        {
            "the Service goes" => _world.Down("b/grafana").CheckOnce("b/grafana").Without("b/grafana"),
            "the Service opts out" => _world.With("b/grafana app=grafana service:3000 @toolset=false"),
            "everything fails, and stays" => _world.Down("a/grafana", "b/grafana").Check(),
            _ => Following().Down("b/grafana").Check(),
        };
        _world.Round();
        Assert.Empty(Hear());

        RoundWorld Following()
        {
            _world.Leadership = new Leadership.Follower("another_1");
            return _world;
        }
    }

    [Fact]
    public void What_stood_in_and_gives_way_has_not_failed_its_check()
    {
        _world.With("m/prometheus app=prometheus web:9090", "m/thanos app=thanos-query http:9090").Settle();
        Hear();
        _world.Down("m/prometheus").Check().Settle();
        Assert.Equal(["m/prometheus"], Hear().Select(n => n.Service.ToString()));
        Assert.Contains("prometheus-m-thanos", _world.Keys, StringComparison.Ordinal);
        _world.Down().Check().Settle();
        Assert.DoesNotContain("prometheus-m-thanos", _world.Keys, StringComparison.Ordinal);
        Assert.Empty(Hear());
    }

    [Theory]
    [InlineData("mine", "kubectl-edit", Key + " was changed by the field manager kubectl-edit, and reverted: put changes in " + Where)]
    [InlineData("mine", "an\u001b[31mother", Key + " was changed by the field manager \"an\\u001b[31mother\", and reverted: put changes in " + Where)]
    [InlineData(null, "kubectl-edit", Key + " was removed by somebody whom the API server did not record, and added again: to switch a toolset off, write NAME: {enabled: false} in " + Where)]
    public void An_edit_that_was_reverted_names_key_and_manager_and_says_where_changes_belong(string? text, string manager, string told)
    {
        _world.With(InA).Settle();
        Hear();
        EditBy(manager, Key, text);
        Notice notice = Assert.Single(Hear());
        Assert.Equal((NoticeKind.DriftRepaired, null, told), (notice.Kind, notice.Service, notice.Detail));
    }

    [Fact]
    public void A_key_that_somebody_added_is_told_with_where_toolsets_of_ones_own_belong()
    {
        _world.With(InA).Settle();
        Hear();
        EditBy("Helm", "mine-toolset.yaml", "mine");
        Assert.Equal(
            $"mine-toolset.yaml was added by the field manager Helm, and removed, since such keys are generated: put your own toolsets in {Where}",
            Assert.Single(Hear()).Detail);
    }

    [Fact]
    public void A_label_that_was_set_back_leads_nobody_into_the_overrides()
    {
        _world.With(InA).Settle();
        Hear();
        string label = _world.Present.Labels.Keys.First();
        _world.Edit(c => c with { Labels = c.Labels.SetItem(label, "mine") }).Round();
        Notice told = Assert.Single(Hear());
        Assert.StartsWith($"{label} was changed by ", told.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("overrides", told.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_key_by_the_same_manager_is_told_once_in_the_interval_and_hides_no_other()
    {
        _world.With(InA).Settle();
        Hear();
        Assert.Equal([1, 0], Edits("argocd", Key, 2));
        Assert.Equal([1], Edits("kubectl-edit", Key, 1));
        Assert.Equal([1], Edits("argocd", "kubernetes-toolset.yaml", 1));
        _world.Pass(Interval.TotalSeconds);
        Assert.Equal([1, 0], Edits("argocd", Key, 2));

        int[] Edits(string manager, string key, int count) => [.. Enumerable.Range(0, count).Select(i =>
        {
            EditBy(manager, key, $"{i}");
            return Hear().Length;
        })];
    }

    [Fact]
    public void One_write_over_many_keys_is_one_notice_that_names_the_first()
    {
        _world.With([.. Enumerable.Range(1, 9).Select(i => $"n{i}/grafana app=grafana service:3000")]).Settle();
        Hear();
        string[] keys = [.. _world.Present.Data.Keys.Where(ToolsetKey.IsToolset)];
        _world.Edit(c => c with
        {
            Data = c.Data.SetItems(keys.Select(k => KeyValuePair.Create(k, "mine"))),
            Managers = [new FieldManager("kubectl-replace", "Update", null, [.. keys])],
        });
        _world.Round();
        Assert.Contains("-toolset.yaml and 5 more were changed by the field manager kubectl-replace,", Assert.Single(Hear()).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_written_under_our_own_name_is_no_edit_by_a_person()
    {
        _world.With(InA).Settle();
        Hear();
        EditBy(FieldManager.Ours, Key, "other");
        Assert.NotEmpty(_world.State!.LastWrite!.Drift);
        Assert.Empty(Hear());
    }

    [Fact]
    public void Who_begins_to_lead_tells_of_no_write_of_before()
    {
        _world.With(InA).Settle();
        EditBy("kubectl-edit", Key, "mine");
        _world.Leadership = new Leadership.Follower("another_1");
        _world.Round();
        Assert.Empty(Hear());
        _world.Leadership = new Leadership.Alone();
        _world.Round();
        Assert.Empty(Hear());
    }

    private void EditBy(string manager, string key, string? text)
    {
        _world.Edit(c => c with
        {
            Data = text is null ? c.Data.Remove(key) : c.Data.SetItem(key, text),
            Managers = text is null ? [] : [new FieldManager(manager, "Update", null, [key])],
        });
        _world.Pass(1).Round();
    }

    /// <summary>After the last round.</summary>
    private Notice[] Hear() => Hear(_world);

    private Notice[] Hear(RoundWorld world)
    {
        (_notices, ImmutableArray<Notice> due) = _notices.After(world.State!, world.Now);
        return [.. due];
    }
}
