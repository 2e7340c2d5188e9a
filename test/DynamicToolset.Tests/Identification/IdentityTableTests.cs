using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.Rules;

namespace DynamicToolset.Tests.Identification;

/// <summary>What is known of an endpoint, from one visit to the next.</summary>
public sealed class IdentityTableTests
{
    private static readonly Findings Empty = new() { Identity = new BackendIdentity("prometheus", "3.5.0"), Verdict = QuestionVerdict.NoData };

    private static readonly IdentityTarget Target = new(
        new EndpointKey(new ObjectKey("m", "s"), 80),
        EndpointUrl.TryCreate("http", new ObjectKey("m", "s"), 80, "")!,
        BuiltInRules.All.FindType("prometheus")!.Fingerprint,
        "1",
        IsWanted: true,
        IsInPlace: false)
    {
        Question = BuiltInRules.All.FindType("prometheus")!.Question,
    };

    [Fact]
    public void Silence_leaves_what_it_is_and_what_HolmesGPT_will_meet_is_known_no_more()
    {
        IdentityTable table = Visited(Empty).Visited(Target.Key, Findings.None);
        Assert.Equal(("prometheus 3.5.0", null), (table.Find(Target.Key)?.ToString(), table.VerdictOf(Target.Key)));
    }

    [Fact]
    public void To_tell_what_it_is_says_nothing_of_the_rest()
    {
        IdentityTable table = IdentityTable.Empty.Retarget([Target]).Answered(Target.Key, new BackendIdentity("thanos"));
        Assert.Equal(("thanos", true, null), (table.Find(Target.Key)?.Name, table.IsAsked(Target.Key), table.VerdictOf(Target.Key)));
        // Nobody waits for the middle of a later visit.
        Assert.Same(table, table.Answered(Target.Key, new BackendIdentity("prometheus")));
    }

    /// <summary>Who is there for the first time is what it says; who has a toolset, or had one, is believed to be something else when it says so twice.</summary>
    [Theory]
    [InlineData("", "alertmanager", "alertmanager")]
    [InlineData("", "thanos alertmanager", "thanos?")]
    [InlineData("", "thanos alertmanager alertmanager", "alertmanager")]
    [InlineData("", "thanos alertmanager thanos alertmanager", "thanos?")]
    [InlineData("", "thanos alertmanager - alertmanager", "thanos?")]
    [InlineData("", "thanos alertmanager pushgateway", "thanos?")]
    [InlineData("in place", "alertmanager", "?")]
    [InlineData("in place", "alertmanager alertmanager", "alertmanager")]
    [InlineData("in place", "prometheus", "prometheus")]
    [InlineData("in place", "- alertmanager", "?")]
    [InlineData("in place as thanos", "alertmanager", "thanos?")]
    [InlineData("in place as thanos", "prometheus", "thanos?")]
    [InlineData("in place as thanos", "thanos", "thanos")]
    public void What_it_is_taken_for_changes_with_the_second_answer_in_a_row(string start, string answers, string expected)
    {
        IdentityTarget target = Target with { Product = "prometheus", IsInPlace = start.Length > 0, Assumed = start.EndsWith("thanos", StringComparison.Ordinal) ? "thanos" : null };
        IdentityTable table = IdentityTable.Empty.Retarget([target]);
        foreach (string answer in answers.Split(' '))
            table = table.Visited(target.Key, answer == "-" ? Findings.None : new Findings { Identity = new BackendIdentity(answer) });
        Assert.Equal(expected, $"{table.Find(target.Key)?.Name}{(table.IsDoubted(target.Key) ? "?" : "")}");
    }

    [Fact]
    public void Nobody_is_led_to_one_that_comes_back_as_something_else_before_that_is_sure()
    {
        var thanos = new Findings { Identity = new BackendIdentity("thanos") };
        IdentityTable back = Visited(Empty).Retarget([Target with { IsWanted = false }]).Retarget([Target]).Answered(Target.Key, thanos.Identity);
        Assert.False(back.IsAsked(Target.Key));
        IdentityTable once = back.Visited(Target.Key, thanos);
        Assert.Equal((false, "prometheus"), (once.IsAsked(Target.Key), once.Find(Target.Key)?.Name));
        IdentityTable twice = once.Visited(Target.Key, thanos);
        Assert.Equal((true, "thanos"), (twice.IsAsked(Target.Key), twice.Find(Target.Key)?.Name));
    }

    [Fact]
    public void A_verdict_on_another_question_and_of_who_is_not_visited_is_forgotten()
    {
        IdentityTable table = Visited(Empty);
        Assert.Equal(QuestionVerdict.NoData, table.Retarget([Target with { Version = "2" }]).VerdictOf(Target.Key));
        Assert.Null(table.Retarget([Target with { Question = BuiltInRules.All.FindType("jaeger")!.Question }]).VerdictOf(Target.Key));
        Assert.Null(table.Retarget([Target with { IsWanted = false }]).Retarget([Target]).VerdictOf(Target.Key));
        Assert.Null(table.Retarget([]).VerdictOf(Target.Key));
    }

    [Fact]
    public void What_is_not_news_makes_no_other_table_and_a_verdict_alone_no_other_identities()
    {
        IdentityTable table = Visited(Empty), other = table.Visited(Target.Key, Empty with { Verdict = QuestionVerdict.Works });
        Assert.Same(table, table.Visited(Target.Key, Empty));
        Assert.NotSame(table, other);
        Assert.Same(table.Identities, other.Identities);
        Assert.Same(table, table.Visited(new EndpointKey(new ObjectKey("m", "gone"), 80), Empty));
    }

    [Fact]
    public void Nobody_waits_for_who_is_not_asked_what_it_is()
    {
        IdentityTarget target = Target with { Fingerprint = null };
        IdentityTable table = IdentityTable.Empty.Retarget([target]);
        Assert.Equal((0, true), (table.Awaited, table.IsAsked(target.Key)));
        Assert.Equal((1, false), (IdentityTable.Empty.Retarget([Target]).Awaited, IdentityTable.Empty.Retarget([Target]).IsAsked(Target.Key)));
    }

    private static IdentityTable Visited(Findings found) => IdentityTable.Empty.Retarget([Target]).Visited(Target.Key, found);
}
