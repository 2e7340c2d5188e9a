using DynamicToolset.Overrides;

namespace DynamicToolset.Tests.Overrides;

public sealed class OverrideStateTests
{
    private static readonly OverrideSet Good = OverrideParser.Parse("a: {enabled: false}");
    private static readonly OverrideSet Newer = OverrideParser.Parse("b: {enabled: false}");
    private static readonly OverrideSet Bad = OverrideParser.Parse("a: [");

    [Fact]
    public void Nothing_is_known_before_a_text_was_understood()
    {
        Assert.Null(OverrideState.Start.InForce);
        Assert.Null(OverrideState.Start.Next(Bad).InForce);
        Assert.Equal(Bad.Problem, OverrideState.Start.Next(Bad).Problem);
    }

    [Fact]
    public void The_last_good_overrides_stay_while_the_text_cannot_be_understood()
    {
        OverrideState state = OverrideState.Start.Next(Good).Next(Bad).Next(Bad);
        Assert.Equal(Good.Entries, state.InForce);
        Assert.Equal(Bad.Problem, state.Problem);
    }

    [Fact]
    public void A_good_text_replaces_the_last_one_and_ends_the_problem()
    {
        OverrideState state = OverrideState.Start.Next(Good).Next(Bad).Next(Newer);
        Assert.Equal(Newer.Entries, state.InForce);
        Assert.Null(state.Problem);
    }

    [Fact]
    public void A_key_that_was_deleted_wants_nothing_more() =>
        Assert.Empty(OverrideState.Start.Next(Good).Next(OverrideParser.Parse(null)).InForce!);
}
