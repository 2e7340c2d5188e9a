using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Rounds;

/// <summary>What rounds promise, each by a few lines of a cluster's life.</summary>
public sealed class RoundTests
{
    private const string InA = "a/grafana app=grafana service:3000", InB = "b/grafana app=grafana service:3000";

    private readonly RoundWorld _world = new();

    [Fact]
    public void The_same_inputs_after_a_write_have_nothing_to_write()
    {
        _world.With(InA, InB).Settle();
        int writes = _world.Writes;
        for (int i = 0; i < 100; i++)
            _world.Pass(30).Round().Check();
        Assert.Equal(writes, _world.Writes);
        Assert.True(_world.State!.IsConverged);
    }

    [Theory]
    [InlineData("a/grafana app=grafana service:3000 @health=/elsewhere @toolset=true @type=grafana")]
    [InlineData("a/grafana app=grafana service:3000 @scheme=https @toolset=true @type=grafana")]
    public void An_edit_of_how_a_healthy_endpoint_is_checked_takes_nothing_away_and_no_name(string edited)
    {
        _world.With(InA.Replace("app=grafana", "app=grafana @toolset=true @type=grafana", StringComparison.Ordinal), InB).Settle();
        string before = _world.Keys;
        // Longer than a write would be gathered.
        _world.With(edited).Round().Pass(1).Round();
        Assert.Equal(before, _world.Keys);
        Assert.Equal(before, _world.Settle().Keys);
    }

    [Fact]
    public void A_name_stays_with_its_Service_through_an_outage_and_a_restart_in_it()
    {
        _world.With(InA, InB).Settle();
        Assert.Equal("http://grafana.a:3000", _world.UrlOf("grafana"));
        _world.Down("a/grafana").Check().Settle();
        Assert.Equal("grafana-b-grafana kubernetes", _world.Keys);
        _world.Restart().Settle().Check().Settle();
        Assert.Equal("grafana-b-grafana kubernetes", _world.Keys);
        _world.Down().Check().Settle();
        Assert.Equal("http://grafana.a:3000", _world.UrlOf("grafana"));
    }

    /// <summary>
    /// The attack: a tenant has a Grafana ready, the admin's own is taken down for good, and the tenant's gets its name, the override and the key
    /// that HolmesGPT fills in and sends.
    /// </summary>
    [Theory]
    [InlineData("", true)]
    [InlineData("monitoring", false)]
    public void A_tenant_who_inherits_a_name_gets_its_credentials_only_where_nobody_says_whose_they_are(string trusted, bool isSent)
    {
        var world = new RoundWorld([.. trusted.Split(',', StringSplitOptions.RemoveEmptyEntries)]);
        world.With("monitoring/grafana app=grafana service:3000").Settle().Override("grafana: {headers: {X-Auth: '${ADMIN_TOKEN}'}}").Settle();
        Assert.All(["GRAFANA_API_KEY", "ADMIN_TOKEN"], secret => Assert.Contains(secret, Everything(), StringComparison.Ordinal));
        world.With("tenant/grafana app=grafana service:3000").Without("monitoring/grafana").Settle();
        Assert.Equal("http://grafana.tenant:3000", world.UrlOf("grafana"));
        Assert.All(["GRAFANA_API_KEY", "ADMIN_TOKEN"], secret => Assert.Equal(isSent, Everything().Contains(secret, StringComparison.Ordinal)));
        Problem[] told = [.. Problems.Of(world.State!).Where(p => p.Kind == ProblemKind.WithheldCredentials)];
        Assert.Equal(isSent ? [] : ["grafana of tenant/grafana: config.apiKey, config.headers.X-Auth"], told.SelectMany(p => p.Names));

        string Everything() => string.Concat(world.Present.Data.Where(d => d.Key != ToolsetKey.Overrides).Select(d => d.Value));
    }

    [Fact]
    public void A_name_goes_when_its_Service_does()
    {
        _world.With(InA, InB).Settle().Without("a/grafana").Settle();
        Assert.Equal("http://grafana.b:3000", _world.UrlOf("grafana"));
    }

    [Fact]
    public void A_healthy_Service_of_a_higher_class_takes_the_name_once()
    {
        const string Annotated = "a/own http:80 @toolset=true @type=grafana";
        _world.With(Annotated).Settle();
        Assert.Equal("http://own.a:80", _world.UrlOf("grafana"));
        _world.With(InB).Down("b/grafana").Settle();
        Assert.Equal("http://own.a:80", _world.UrlOf("grafana"));
        _world.Down().Check().Settle();
        Assert.Equal("http://grafana.b:3000", _world.UrlOf("grafana"));
        _world.Down("b/grafana").Check().Settle();
        Assert.Equal("grafana-a-own kubernetes", _world.Keys);
    }

    [Fact]
    public void A_write_that_fails_while_the_incumbent_is_down_gives_its_name_to_nobody()
    {
        _world.With(InA, InB).Settle();
        _world.DoWritesFail = true;
        _world.Down("a/grafana").Check().Settle().Settle();
        _world.Down().Check();
        _world.DoWritesFail = false;
        _world.Settle();
        Assert.Equal("http://grafana.a:3000", _world.UrlOf("grafana"));
    }

    [Fact]
    public void A_stranger_s_edit_of_the_generated_text_or_of_the_holders_hands_no_name_over()
    {
        _world.With(InA, InB).Settle();
        string other = _world.Present.Data["grafana-b-grafana-toolset.yaml"];
        _world.Edit(c => (c with { Managers = [], Annotations = c.Annotations.SetItem(HolderAnnotation.Name, "grafana=b/grafana") }).With("grafana-toolset.yaml", other)).Settle();
        Assert.Equal("http://grafana.a:3000", _world.UrlOf("grafana"));
        _world.Edit(c => (c with { Annotations = c.Annotations.Remove(HolderAnnotation.Name) }).Without("grafana-toolset.yaml")).Settle();
        Assert.Equal("http://grafana.a:3000", _world.UrlOf("grafana"));
    }

    [Fact]
    public void Credentials_go_to_no_stranger_while_their_Service_is_down()
    {
        _world.With(InA, InB).Settle().Override(
            "grafana: {config: {apiKey: 'key-of-a'}}\ngrafana-b-grafana: {config: {apiKey: 'key-of-b'}}\n").Settle();
        _world.Down("a/grafana").Check().Settle();
        Assert.DoesNotContain(_world.Present.Data, d => d.Key != ToolsetKey.Overrides && d.Value.Contains("key-of-a", StringComparison.Ordinal));
        Assert.Contains("key-of-b", _world.Present.Data["grafana-b-grafana-toolset.yaml"], StringComparison.Ordinal);
        Assert.Contains("http://grafana.b:3000", _world.Holmes, StringComparison.Ordinal);
        Assert.Contains("grafana: ignored until its Service is healthy or deleted", Problems.Of(_world.State!).Select(p => p.Detail));
    }

    [Fact]
    public void HolmesGPT_is_given_the_first_of_a_kind_that_answers()
    {
        _world.With(InA, InB, "c/grafana app=grafana service:3000").Settle();
        Assert.Contains("http://grafana.a:3000", Entry(), StringComparison.Ordinal);
        _world.Down("a/grafana").Check().Settle();
        Assert.Contains("http://grafana.b:3000", Entry(), StringComparison.Ordinal);

        string Entry() => string.Join('\n', _world.Holmes.Split('\n').SkipWhile(l => !l.Contains("grafana/dashboards", StringComparison.Ordinal)).Take(8));
    }

    [Fact]
    public void An_override_whose_Service_is_away_waits_and_becomes_no_toolset_without_a_URL()
    {
        _world.With(InA, InB, "c/shop http:80 @toolset=true @type=custom @name=pinned").Settle()
            .Override("pinned: {config: {k: v}}\ngrafana-b-grafana: {config: {k: v}}\n").Settle();
        _world.Down("c/shop", "b/grafana").Check().Settle();
        Assert.Equal("grafana kubernetes", _world.Keys);
        _world.Without("c/shop").Without("b/grafana").Settle();
        Assert.Equal("grafana kubernetes", _world.Keys);
    }

    [Fact]
    public void When_every_check_fails_toolsets_names_and_overrides_stay_and_one_problem_says_so()
    {
        _world.With(InA, InB).Settle().Override("grafana: {config: {k: v}}").Settle();
        (string before, string file) = (string.Join('\n', _world.Present.Data), _world.Holmes);
        _world.Down("a/grafana", "b/grafana").Check().Settle();
        Assert.Equal((before, file), (string.Join('\n', _world.Present.Data), _world.Holmes));
        Problem told = Assert.Single(Problems.Of(_world.State!), p => p.Kind != ProblemKind.LeftOutForHolmes);
        Assert.Equal((ProblemKind.HealthPanic, "a/grafana b/grafana"), (told.Kind, string.Join(' ', told.Names)));
        _world.Down("a/grafana").Check().Check().Settle();
        Assert.Equal("grafana-b-grafana kubernetes", _world.Keys);
        Assert.DoesNotContain(Problems.Of(_world.State!), p => p.Kind == ProblemKind.HealthPanic);
    }

    [Theory]
    [InlineData(4, 1, false)]
    [InlineData(4, 2, true)]
    [InlineData(4, 4, true)]
    [InlineData(3, 1, false)]
    [InlineData(2, 1, true)]
    [InlineData(1, 1, true)]
    public void From_outside_of_a_cluster_at_least_half_of_the_toolsets_are_not_taken_away_at_the_start(int there, int gone, bool isHeld)
    {
        string[] services = [.. Enumerable.Range(0, there).Select(i => $"n{i}/grafana app=grafana service:3000")];
        _world.With(services).Settle();
        string before = _world.Keys;
        for (int i = 0; i < gone; i++)
            _world.Without($"n{i}/grafana");
        // What is gone is no matter of checks, and would go before they end.
        _world.HoldingMassRemoval().Restart().Round(areFirstChecksDone: false).Pass(2).Round(areFirstChecksDone: false);
        // Where nothing is left there is nothing to check.
        Assert.Equal((isHeld, gone == there), (_world.Keys == before, _world.State!.HeldRemoval is not null));
        _world.Check().Round();
        Assert.Equal((isHeld, isHeld), (_world.Keys == before, _world.State!.HeldRemoval is not null));
    }

    [Fact]
    public void Nor_are_those_of_what_fails_at_the_start_though_a_second_failure_comes_later()
    {
        string before = _world.With(InA, InB).Settle().Keys;
        _world.HoldingMassRemoval().Restart().Round(areFirstChecksDone: false).Down("a/grafana");
        _world.CheckOnce("a/grafana", "b/grafana").Round().CheckOnce("a/grafana", "b/grafana").Round().Pass(1).Round();
        Assert.Equal(before, _world.Keys);
        Assert.NotNull(_world.State!.HeldRemoval);
    }

    /// <summary>A name that does not resolve from there stays as it is for ever, and so must not hold everything else for ever.</summary>
    [Fact]
    public void What_is_deleted_later_goes_however_much_it_is_and_what_fails_then_is_still_held()
    {
        _world.With(InA, InB, "c/prometheus app=prometheus web:9090", "d/jaeger app=jaeger query:16686").Settle();
        _world.HoldingMassRemoval().Restart().Round(areFirstChecksDone: false).CheckOnly("a/grafana", "c/prometheus").Round().Round();
        _world.Without("c/prometheus").Without("d/jaeger").Round().Round();
        Assert.Equal(("grafana-b-grafana grafana kubernetes", false), (_world.Keys, _world.State!.HeldRemoval is not null));
        _world.Down("b/grafana").CheckOnly("a/grafana", "b/grafana").CheckOnly("a/grafana", "b/grafana").Round().Round();
        Assert.Equal(("grafana-b-grafana grafana kubernetes", true), (_world.Keys, _world.State!.HeldRemoval is not null));
    }

    [Fact]
    public void Once_all_was_seen_to_be_well_from_outside_removals_are_made_however_large()
    {
        _world.With(InA, InB).Settle().HoldingMassRemoval().Restart().Round(areFirstChecksDone: false).Check().Round().Round();
        _world.Without("a/grafana").Without("b/grafana").Settle();
        Assert.Equal("kubernetes", _world.Keys);
    }

    [Fact]
    public void A_deleted_ConfigMap_stays_away_for_two_seconds()
    {
        _world.With(InA).Settle().Override("a: {url: u}").Settle().Delete().Round();
        Assert.IsType<ConfigMapPlan.None>(_world.Decision!.Step);
        Assert.Equal(_world.Now + TimeSpan.FromSeconds(2), _world.Decision.LookAgainAt);
        _world.Pass(1.999).Round();
        Assert.IsType<ConfigMapPlan.None>(_world.Decision.Step);
        _world.Pass(0.001).Round();
        Assert.IsType<ConfigMapPlan.Create>(_world.Decision.Step);
        Assert.Equal("a: {url: u}", _world.Present.Data[ToolsetKey.Overrides]);
    }

    [Fact]
    public void Who_creates_it_anew_meanwhile_wins_and_the_old_overrides_stay_gone()
    {
        _world.With(InA).Settle().Override("a: {url: old}").Settle().Delete().Round().Pass(1);
        _world.View = _world.View.Changed(ConfigMaps.Empty.With(ToolsetKey.Overrides, "b: {url: new}") with { Uid = "theirs", ResourceVersion = "1000" });
        _world.Settle();
        Assert.Equal("b: {url: new}", _world.Present.Data[ToolsetKey.Overrides]);
        Assert.Equal("b grafana kubernetes", _world.Keys);
    }

    [Fact]
    public void What_an_admin_wrote_just_before_the_deletion_and_no_round_saw_comes_back()
    {
        _world.With(InA).Settle().Override("a: {url: last-words}").Delete().Settle();
        Assert.Equal("a: {url: last-words}", _world.Present.Data[ToolsetKey.Overrides]);
    }

    [Fact]
    public void Overrides_that_came_back_are_given_out_of_our_hands()
    {
        _world.With(InA).Settle().Override("a: {url: u}").Settle().Delete().Round().Pass(2).Round();
        Assert.IsType<ConfigMapPlan.Create>(_world.Decision!.Step);
        _world.Round();
        Assert.Equal(["/metadata/managedFields/0/fieldsV1/f:data/f:overrides.yaml"], Assert.IsType<ConfigMapPlan.Disown>(_world.Decision.Step).Fields);
    }

    [Fact]
    public void The_first_ConfigMap_of_a_cluster_waits_for_no_pause()
    {
        _world.With(InA).Round(areFirstChecksDone: false).Check().Round();
        Assert.IsType<ConfigMapPlan.Create>(_world.Decision!.Step);
    }

    [Fact]
    public void Endpoints_that_appear_together_are_written_together_and_one_that_hangs_delays_no_write_for_long()
    {
        _world.With(InA).Settle();
        int writes = _world.Writes;
        _world.With(InB, "c/grafana app=grafana service:3000").Round();
        // One answered, the other is on its way.
        Assert.Equal(2, _world.Decision!.Targets.Count(t => t.Service.Namespace != "a"));
        _world.CheckOnly("b/grafana").Round();
        Assert.Equal(writes, _world.Writes);
        _world.Pass(0.1).Round();
        Assert.Equal(writes + 1, _world.Writes);
    }

    [Fact]
    public void A_repair_waits_for_no_check()
    {
        _world.With(InA).Settle().With(InB).Round().Edit(c => c.With("grafana-toolset.yaml", "spoilt")).Round();
        Assert.Equal("http://grafana.a:3000", _world.UrlOf("grafana"));
    }

    [Fact]
    public void A_second_copy_of_the_service_is_told_after_the_third_repair_as_what_it_is()
    {
        _world.With(InA).Settle();
        for (int i = 0; i < 3; i++)
        {
            Assert.DoesNotContain(Problems.Of(_world.State!), p => p.Kind == ProblemKind.ContestedKey);
            _world.Edit(c => c.With("grafana-toolset.yaml", $"{i}") with { Managers = [new FieldManager(FieldManager.Ours, "Update", null, ["grafana-toolset.yaml"])] });
            _world.Pass(0.25).Round();
        }

        Problem told = Assert.Single(Problems.Of(_world.State!), p => p.Kind == ProblemKind.ContestedKey);
        Assert.StartsWith("grafana-toolset.yaml: a second copy of this service", told.Detail, StringComparison.Ordinal);
    }

    /// <summary>Any text may be written into the metadata of an object.</summary>
    [Fact]
    public void What_others_call_themselves_is_shown_escaped_and_cut()
    {
        string evil = "x\u202e\u001b[2J" + new string('y', 1000);
        _world.Owner = new OwnerState.Found("ours");
        _world.With(InA).Settle();
        for (int i = 0; i < 3; i++)
        {
            OwnerReference other = new(evil, evil, evil, "u", Controller: true, BlockOwnerDeletion: null);
            _world.Edit(c => c.With("grafana-toolset.yaml", $"{i}") with { Owners = [other], Managers = [new FieldManager(evil, "Update", null, ["grafana-toolset.yaml"])] });
            _world.Pass(0.25).Round();
        }

        Problem[] told = [.. Problems.Of(_world.State!).Where(p => p.Kind is ProblemKind.ContestedKey or ProblemKind.OtherController)];
        Assert.Equal(2, told.Length);
        Assert.All(told.SelectMany(p => p.Names.Add(p.Detail)), text => Assert.True(text.Length < 700 && text.All(c => c is >= ' ' and <= '~' or '…'), text));
        Assert.All(told, p => Assert.Contains("\"x\\u202e\\u001b[2Jyyy", p.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public void A_restart_takes_nothing_away_before_the_first_checks_have_ended()
    {
        _world.With(InA, InB).Settle();
        string before = _world.Keys;
        int writes = _world.Writes;
        _world.Restart().Round(areFirstChecksDone: false).Pass(1).Round(areFirstChecksDone: false);
        Assert.Equal((before, writes), (_world.Keys, _world.Writes));
    }

    [Fact]
    public void A_Service_that_changes_in_nothing_that_a_rule_reads_is_checked_no_sooner()
    {
        _world.With(InA).Settle();
        string version = _world.Decision!.Targets[0].Version;
        _world.With(InA + " heartbeat=1").Round();
        Assert.Equal(version, _world.Decision.Targets[0].Version);
    }
}
