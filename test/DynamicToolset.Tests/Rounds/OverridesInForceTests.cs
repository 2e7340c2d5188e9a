using DynamicToolset.Cluster;
using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Rounds;

/// <summary>
/// What a text that cannot be read leaves in force: what the ConfigMap was last right by, and never what was read and not written.
/// </summary>
public sealed class OverridesInForceTests
{
    private const string First = "grafana: {config: {k: first}}", Second = "grafana: {config: {k: second}}", Bad = "grafana: [";

    private readonly RoundWorld _world = new RoundWorld().With("a/grafana app=grafana service:3000").Settle().Override(First).Settle();

    private string Value => _world.Present.Data["grafana-toolset.yaml"].Split('\n').Single(l => l.StartsWith("  k: ", StringComparison.Ordinal))[5..].Trim('"');

    [Fact]
    public void Overrides_that_were_read_and_written_stay_in_force()
    {
        _world.Override(Second).Round().Override(Bad).Settle();
        Assert.Equal("second", Value);
    }

    [Fact]
    public void Overrides_that_were_too_large_to_be_written_were_never_in_force()
    {
        _world.Override($"{Second}\nmine: {{config: {{url: u, large: {new string('x', ConfigMapPlanner.LargestSize / 2)}}}}}\n").Round();
        Assert.IsType<ConfigMapPlan.Refuse>(_world.Decision!.Plan);
        _world.Override(Bad).Settle();
        Assert.Equal("first", Value);
        Assert.Equal("grafana kubernetes", _world.Keys);
    }

    [Fact]
    public void Nor_were_those_of_a_write_that_failed()
    {
        _world.DoWritesFail = true;
        _world.Override(Second).Settle().Override(Bad);
        _world.DoWritesFail = false;
        _world.Settle();
        Assert.Equal("first", Value);
    }

    [Fact]
    public void Nor_were_those_of_an_immutable_ConfigMap()
    {
        _world.Override(Second).Edit(c => c with { Immutable = true }).Round();
        Assert.IsType<ConfigMapPlan.Refuse>(_world.Decision!.Plan);
        ConfigMapRecord anew = _world.Present with { Immutable = false, Uid = "anew", ResourceVersion = "1000" };
        _world.View = _world.View.Changed(anew.With(ToolsetKey.Overrides, Bad));
        _world.Settle();
        Assert.Equal("first", Value);
    }

    /// <summary>Its watch had a gap: of what the leader wrote it sees no more than that.</summary>
    [Fact]
    public void A_follower_that_has_not_seen_the_last_good_ones_takes_nothing_away_as_it_begins_to_lead()
    {
        _world.Leadership = new Leadership.Follower("other_1");
        _world.Round();
        ConfigMapRecord later = _world.Present with { ResourceVersion = "1000", Data = _world.Present.Data.SetItem("mine-toolset.yaml", "toolset: mine\nenabled: true\n") };
        _world.View = _world.View.Changed(later.With(ToolsetKey.Overrides, Bad));
        _world.Round();
        _world.Leadership = new Leadership.Leader("f");
        _world.Settle();
        Assert.Contains("mine", _world.Keys, StringComparison.Ordinal);
        Assert.Equal("first", Value);
    }

    [Fact]
    public void Nor_were_those_that_no_leader_wrote()
    {
        _world.Leadership = new Leadership.Follower("other_1");
        _world.Override(Second).Round().Override(Bad).Round();
        _world.Leadership = new Leadership.Leader("f1");
        _world.Settle();
        Assert.Equal("first", Value);
    }

    [Fact]
    public void What_the_leader_wrote_is_in_force_for_a_follower_that_sees_it_together_with_the_bad_text()
    {
        _world.Leadership = new Leadership.Follower("other_1");
        _world.Override(Second).Round();
        _world.Edit(c => Written(c).With(ToolsetKey.Overrides, Bad)).Round();
        _world.Leadership = new Leadership.Leader("f1");
        _world.Settle();
        Assert.Equal("second", Value);
    }

    /// <summary>By another version of the program, say.</summary>
    [Fact]
    public void So_it_is_for_one_that_would_write_something_else()
    {
        _world.Leadership = new Leadership.Follower("other_1");
        _world.Override(Second).Round();
        _world.Edit(c => Written(c).With("kubernetes-toolset.yaml", "as the leader has it")).Round().Override(Bad).Round();
        _world.Leadership = new Leadership.Leader("f1");
        _world.Settle();
        Assert.Equal("second", Value);
    }

    [Fact]
    public void So_is_what_was_written_without_an_answer()
    {
        _world.DoWritesFail = true;
        _world.Override(Second).Round();
        _world.DoWritesFail = false;
        _world.Edit(c => Written(c).With(ToolsetKey.Overrides, Bad)).Settle();
        Assert.Equal("second", Value);
    }

    [Theory]
    [InlineData(First, "first")]
    [InlineData(Second, "second")]
    public void After_a_restart_they_are_what_the_ConfigMap_was_found_to_be_right_by(string text, string value)
    {
        _world.Override(text).Settle().Restart().Round(areFirstChecksDone: false).Override(Bad).Edit(c => c.With("grafana-toolset.yaml", "spoilt")).Settle();
        Assert.Equal(value, Value);
    }

    [Fact]
    public void After_a_restart_before_which_they_were_not_written_nothing_is_known()
    {
        _world.DoWritesFail = true;
        _world.Override(Second).Restart().Round(areFirstChecksDone: false).Check().Round().Override(Bad);
        _world.DoWritesFail = false;
        _world.Settle();
        Assert.Equal("first", Value);
        Assert.Null(_world.State!.Overrides.InForce);
    }

    [Fact]
    public void Overrides_that_are_mended_after_a_restart_are_no_drift()
    {
        _world.Override(Bad).Settle().Restart().Settle().Override("shop: {config: {url: 'http://shop:80'}}");
        for (int i = 0; i < 3; i++)
        {
            _world.Round().Check();
            Assert.Empty(_world.Decision!.Drift);
        }

        Assert.DoesNotContain("  k: ", _world.Present.Data["grafana-toolset.yaml"], StringComparison.Ordinal);
    }

    private ConfigMapRecord Written(ConfigMapRecord before) => Store.Apply(_world.Decision!.Plan, before)!;
}
