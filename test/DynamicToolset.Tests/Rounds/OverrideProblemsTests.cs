using DynamicToolset.Overrides;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;

namespace DynamicToolset.Tests.Rounds;

/// <summary>What whoever looks at the service is told of overrides that are understood.</summary>
public sealed class OverrideProblemsTests
{
    private readonly RoundWorld _world = new RoundWorld().With("a/grafana app=grafana service:3000");

    [Fact]
    public void A_slip_in_the_key_and_in_a_file_is_a_problem_with_its_place_and_goes_with_it()
    {
        _world.Files = OverrideFiles.Read([new RuleFile("/o/1.yaml", "grafana: {disabled: true}")], []);
        _world.Settle().Override("grafana: {enable: false}").Settle();
        Assert.Equal(
            ["overrides.yaml:1:11: nothing reads this key: did you mean \"enabled\"?", "/o/1.yaml:1:11: nothing reads this key: did you mean \"enabled: false\"?"],
            Told(ProblemKind.OverrideSlip));
        Assert.Empty(Told(ProblemKind.MalformedOverrides));
        (ProblemKind, object?, string) before = Identity();
        _world.Override("# a line more\ngrafana: {enable: false}").Settle();
        Assert.Equal(before, Identity());
        Assert.StartsWith("overrides.yaml:2:11: ", Told(ProblemKind.OverrideSlip)[0], StringComparison.Ordinal);
        _world.Files = OverrideFiles.None;
        _world.Override("grafana: {enabled: false}").Settle();
        Assert.Empty(Told(ProblemKind.OverrideSlip));

        (ProblemKind, object?, string) Identity() => Problems.Of(_world.State!).First(p => p.Kind == ProblemKind.OverrideSlip).Identity is var (kind, service, about) ? (kind, service, about) : default;
    }

    [Theory]
    [InlineData("elastic: {enabled: false}", "elastic: ignored until there is a config.url; did you mean elasticsearch?")]
    [InlineData("grafana-toolset: {enabled: false}", "grafana-toolset: ignored until there is a config.url; did you mean grafana?")]
    [InlineData("holmes-toolsets: {enabled: false}", "holmes-toolsets: ignored until there is a config.url; this is not the name of one toolset, but of the file with all of them: write one name, such as kubernetes")]
    public void A_name_that_is_nearly_one_is_told_with_what_was_meant(string overrides, string told)
    {
        _world.Settle().Override(overrides).Settle();
        Assert.Equal([told], Told(ProblemKind.DormantOverride));
    }

    [Fact]
    public void Before_the_first_check_has_ended_nobody_says_that_a_Service_does_not_answer()
    {
        _world.Settle().Override("grafana: {config: {org: x}}\nprometheus: {config: {timeout: 7s}}").Settle();
        _world.With("a/prometheus app=prometheus web:9090").Down("a/prometheus").Round();
        Assert.Empty(Told(ProblemKind.DormantOverride));
        _world.Check().Round();
        Assert.Equal(["prometheus: ignored until its Service is healthy or deleted"], Told(ProblemKind.DormantOverride));
    }

    [Fact]
    public void Before_it_was_asked_what_it_is_nobody_says_that_a_Service_does_not_answer()
    {
        RoundWorld world = _world.WithQuestions().Settle().Override("prometheus: {config: {timeout: 7s}}").Settle();
        world.With("a/prometheus app=prometheus web:9090").Round().Check().Round();
        Assert.True(world.State!.IsAnswerDue);
        Assert.Empty(Told(ProblemKind.DormantOverride));
        Assert.Equal("kubernetes prometheus", world.Answer("a/prometheus", null).Settle().Keys);
    }

    private string[] Told(ProblemKind kind) => [.. Problems.Of(_world.State!).Where(p => p.Kind == kind).Select(p => p.Detail)];
}
