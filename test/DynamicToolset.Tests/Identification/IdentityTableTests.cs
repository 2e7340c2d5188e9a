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
        IdentityTable table = Visited(Empty).Answered(Target.Key, new BackendIdentity("thanos"));
        Assert.Equal(("thanos", QuestionVerdict.NoData), (table.Find(Target.Key)?.Name, table.VerdictOf(Target.Key)));
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
