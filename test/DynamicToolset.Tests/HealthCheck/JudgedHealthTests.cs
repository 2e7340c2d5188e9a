using CsCheck;
using DynamicToolset.HealthCheck;
using DynamicToolset.Tests.Properties;

namespace DynamicToolset.Tests.HealthCheck;

public sealed class JudgedHealthTests(ITestOutputHelper output)
{
    private static readonly Gen<string> AnyWord = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 22]).Select((who, what) =>
    {
        char name = "abcd"[who];
        return what switch
        {
            < 7 => $"{name}+",
            < 14 => $"{name}-",
            < 17 => $"{name}<",
            17 => $"~{name}",
            18 => $"!{name}",
            19 => $"x{name}",
            20 or 21 => $"{name}?",
            _ => "4m",
        };
    });

    [Theory]
    [InlineData("the other passed after its failure", "a+ b+ a- b+ a-", "b", false)]
    [InlineData("nothing passed since", "a+ b+ a- a- a-", "ab", false)]
    [InlineData("a check begun before the failure says nothing", "a+ b+ b< a- b+ a- a-", "ab", false)]
    [InlineData("nor one begun before, that ends much later", "a+ b+ b< a- a- a- b+ a-", "ab", false)]
    [InlineData("its own passed checks do not speak against it", "a+ b+ a- a+ a- a-", "ab", false)]
    [InlineData("it is the only one", "a+ a- a-", "", false)]
    [InlineData("everything fails", "a+ b+ a- b- a- b-", "ab", true)]
    [InlineData("everything fails, below the threshold as yet", "a+ b+ a- b-", "ab", false)]
    [InlineData("everything fails, a third was just assumed healthy", "~c a+ b+ a- b- a- b-", "abc", false)]
    [InlineData("two fail within the same interval", "a+ b+ c+ a- c+ b- c+ a- b-", "c", false)]
    [InlineData("one after the other", "a+ b+ c+ a- b+ c+ a- b- c+ b-", "c", false)]
    [InlineData("and the last one too", "a+ b+ a- b+ a- b- b-", "b", true)]
    [InlineData("the last one, long after the others", "a+ b+ a- b+ a- 6m b- b-", "b", true)]
    [InlineData("the first success ends it, and who fails once more goes", "a+ b+ c+ a- b- c- a- b- c- b+ c-", "ab", false)]
    [InlineData("who answers a moment later stays", "a+ b+ c+ a- b- c- a- b- c- b+ a+ c+", "abc", false)]
    [InlineData("a check that had begun before the success was known does not count", "a+ b+ a- b- a- b- a< b+ a-", "ab", false)]
    [InlineData("the next one does", "a+ b+ a- b- a- b- a< b+ a- a-", "b", false)]
    [InlineData("what never was healthy fails", "n- n- n-", "", false)]
    [InlineData("then everything fails too", "a+ n- a- n- a-", "a", true)]
    [InlineData("what is new has not passed", "a+ !n a- a-", "a", true)]
    [InlineData("a new one that passes is a witness", "a+ b+ a- b- a- b- n+ a- b-", "n", false)]
    [InlineData("a new one that fails comes to nothing in a panic", "a+ b+ a- b- a- b- n- n-", "ab", true)]
    [InlineData("what went rightly stays away", "a+ b+ a- b+ a- b- b- a- a-", "b", true)]
    [InlineData("until it passes", "a+ b+ a- b+ a- b- b- a+ b-", "a", false)]
    [InlineData("a Service is deleted in a panic", "a+ b+ c+ a- b- c- a- b- c- xc", "ab", true)]
    [InlineData("and the last but one", "a+ b+ a- b- a- b- xb", "", false)]
    [InlineData("a restart in a panic", "~a ~b a- b- a- b- a- b-", "ab", true)]
    [InlineData("a restart while one is down", "~a ~b a- b+ a-", "b", false)]
    [InlineData("one that was healthy once and never again is another one for ever", "a+ t+ t- a+ t- 6m t- a- t- a- t-", "a", true)]
    [InlineData("a fault of this side is no failure", "a+ b+ a- b+ a? a? a?", "ab", false)]
    [InlineData("and no witness", "a+ b+ a- b? a- a-", "ab", true)]
    [InlineData("and no second failure of who was kept", "a+ b+ a- b- a- b- b+ a?", "ab", false)]
    [InlineData("while it lasts nobody is known to pass", "~b a+ a- b? a-", "ab", true)]
    [InlineData("one that comes and goes takes out who does not come", "a+ t+ a- t- a- t- t+ a-", "t", false)]
    public void An_endpoint_that_fails_goes_where_another_passes(string when, string life, string inPlace, bool isPanic)
    {
        Checkups checks = new Checkups(new HealthThresholds()).Do(life);
        Assert.Equal((when, inPlace, isPanic), (when, checks.InPlace, checks.Health.IsPanic));
    }

    [Theory]
    [InlineData("what came there while it failed here stays", "=ab a+ b+ n- n- =abn a- b- n- a- b- n-", "abn", true)]
    [InlineData("so does what failed while others passed, and comes back", "=ab a+ b+ a- b+ a- a- =b b- b- =ab a- b-", "ab", true)]
    [InlineData("what goes there, and fails here, goes", "=ab a+ b+ a- b- a- b- =b", "b", true)]
    [InlineData("what goes there, and passes here, does not", "=ab a+ b+ =b", "ab", false)]
    [InlineData("what is kept there is not in place here where others passed since", "!a !b =ab a+ b+ a- b+ a- =ab a-", "b", false)]
    [InlineData("what came there goes here where others pass since", "=a a+ n- n- =an a+ n-", "a", false)]
    [InlineData("what came there and passes here is as any other", "=a a+ n- =an n+ n- a+ n-", "a", false)]
    [InlineData("what a former leader judged itself to be gone, and could not write", "a+ b+ a- b+ a- =ab b- b-", "ab", true)]
    public void What_another_replica_puts_in_place_is_so_here_too(string when, string life, string inPlace, bool isPanic)
    {
        Checkups checks = new Checkups(new HealthThresholds()).Do(life);
        Assert.Equal((when, inPlace, isPanic), (when, checks.InPlace, checks.Health.IsPanic));
    }

    [Theory]
    [InlineData("one failure is enough, and is looked at once more", "a+ b+ a-", "ab", false)]
    [InlineData("", "a+ b+ a- b+", "ab", false)]
    [InlineData("", "a+ b+ a- b+ a-", "b", false)]
    [InlineData("", "a+ b+ a- b+ a+", "ab", false)]
    [InlineData("the only one goes at once", "a+ a-", "", false)]
    [InlineData("everything fails", "a+ b+ a- b-", "ab", true)]
    public void With_a_threshold_of_one_as_well(string when, string life, string inPlace, bool isPanic)
    {
        Checkups checks = new Checkups(new HealthThresholds(Unhealthy: 1)).Do(life);
        Assert.Equal((when, inPlace, isPanic), (when, checks.InPlace, checks.Health.IsPanic));
    }

    [Theory]
    [InlineData("a success that is not enough to be healthy ends the panic", "a+ a+ b+ b+ a- b- a- b- a+", "ab", false)]
    [InlineData("who passed stays, the other goes", "a+ a+ b+ b+ a- b- a- b- a+ b-", "a", false)]
    [InlineData("its own success does not speak against it", "a+ a+ b+ b+ a- b- a- b- a+ a- a-", "ab", true)]
    [InlineData("what went does not come back by one", "a+ a+ b+ b+ a- b+ a- a+ a- b- b-", "b", true)]
    public void With_a_healthy_threshold_of_two_as_well(string when, string life, string inPlace, bool isPanic)
    {
        Checkups checks = new Checkups(new HealthThresholds(Healthy: 2)).Do(life);
        Assert.Equal((when, inPlace, isPanic), (when, checks.InPlace, checks.Health.IsPanic));
    }

    [Fact]
    public void Switched_off_every_failure_is_believed()
    {
        Checkups checks = new Checkups(new HealthThresholds(), hasPanicRule: false).Do("a+ b+ a- b- a- b-");
        Assert.Equal(("", false), (checks.InPlace, checks.Health.IsPanic));
        Assert.Equal("b", checks.Do("b+").InPlace);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("!a", true)]
    [InlineData("~a", false)]
    [InlineData("~a a+", true)]
    [InlineData("~a a?", false)]
    [InlineData("a+ b+ a-", false)]
    [InlineData("a+ b+ a- a-", false)]
    [InlineData("a+ b+ a- b+ a-", true)]
    public void It_is_settled_when_everything_in_place_has_passed_its_last_check(string life, bool isSettled)
    {
        Assert.Equal(isSettled, new Checkups(new HealthThresholds()).Do(life).Health.IsSettled);
        if (!life.EndsWith("a- a-", StringComparison.Ordinal))
            Assert.Equal(isSettled, new Checkups(new HealthThresholds(), hasPanicRule: false).Do(life).Health.IsSettled);
    }

    [Fact]
    public void Only_what_decisions_rest_on_makes_it_another()
    {
        Checkups checks = new Checkups(new HealthThresholds()).Do("a+ b+");
        JudgedHealth before = checks.Health;
        Assert.Equal(before, checks.Do("a+ b- b+ a-").Health);
        Assert.NotEqual(before, checks.Do("b- a-").Health);
        before = checks.Health;
        Assert.Equal(before, checks.Do("a-").Health);
        // A panic, though no verdict of a check is another.
        before = checks.Do("b-").Health;
        Assert.True(before.IsPanic);
        Assert.NotEqual(before, checks.Do("n+ b+").Health);
    }

    [Fact]
    public void Whoever_leaves_fails_and_another_passed_since_or_it_was_the_only_one() =>
        Gen.Select(AnyWord.List[0, 60], Gen.Int[1, 3], Gen.Int[1, 3]).Holds(1_000, output, life =>
        {
            var checks = new Checkups(new HealthThresholds(life.Item2, life.Item3));
            foreach (string word in life.Item1)
            {
                string before = checks.InPlace;
                checks.Do(word);
                foreach (char endpoint in before.Where(e => checks.StateOf(e) is not null && !checks.IsInPlace(e)))
                {
                    if (!HadToGo(checks, endpoint))
                        throw new InvalidOperationException($"{endpoint} of {before} at {word}: {string.Join(' ', checks.History)}");
                }

                if (checks.Health.IsPanic && checks.InPlace.Any(e => checks.StateOf(e) is { Obstacle: null, Last: null or { IsSuccess: true } }))
                    return false;
            }

            return true;
        });

    [Fact]
    public void Whoever_passes_or_was_never_in_place_is_judged_by_its_checks_alone() =>
        Gen.Select(AnyWord.List[0, 60], Gen.Int[1, 3]).Holds(1_000, output, life =>
        {
            var checks = new Checkups(new HealthThresholds(life.Item2));
            foreach (string word in life.Item1)
            {
                string before = checks.InPlace;
                checks.Do(word);
                bool isLost = before.Any(e => checks.StateOf(e) is { Last: null or { IsSuccess: true } } && !checks.IsInPlace(e));
                bool isGiven = checks.Targets.Any(e => checks.IsInPlace(e) && !before.Contains(e) && checks.StateOf(e)!.Status != HealthStatus.Healthy && word != $"~{e}");
                if (isLost || isGiven)
                    return false;
            }

            return true;
        });

    [Fact]
    public void However_it_began_three_rounds_of_checks_lead_to_what_answers() =>
        Gen.Select(AnyWord.List[0, 60], Gen.Int[1, 14], Gen.Int[1, 2]).Holds(1_000, output, life =>
        {
            Checkups checks = new Checkups(new HealthThresholds(life.Item3)).Do(string.Join(' ', life.Item1)).Do("xa xb xc xd ~a ~b ~c ~d");
            string well = string.Concat("abcd".Where((_, i) => (life.Item2 & (1 << i)) != 0));
            string round = string.Join(' ', "abcd".Select(e => well.Contains(e) ? $"{e}+" : $"{e}-"));
            return checks.Do($"{round} {round} {round}") is { InPlace: var inPlace, Health.IsPanic: false } && inPlace == well;
        });

    [Fact]
    public void However_long_everything_fails_nobody_leaves() =>
        Gen.Select(AnyWord.List[0, 60], Gen.Int[0, 3].List[10, 60]).Holds(500, output, life =>
        {
            Checkups checks = new Checkups(new HealthThresholds()).Do(string.Join(' ', life.Item1)).Do("~a ~b ~c ~d a+ b+ c+ d+");
            foreach (int who in life.Item2)
            {
                if (checks.Do($"{"abcd"[who]}-").InPlace != "abcd")
                    return false;
            }

            return true;
        });

    /// <summary>From the history alone.</summary>
    private static bool HadToGo(Checkups checks, char endpoint)
    {
        TimeSpan since = FirstFailure(checks, endpoint);
        bool isProven = checks.History.Any(c => c.Endpoint != endpoint && c.IsPassed && c.Ran.Began > since);
        return isProven || checks.Targets.Count() == 1;
    }

    /// <summary>Of the failures that come last in a row.</summary>
    private static TimeSpan FirstFailure(Checkups checks, char endpoint) =>
        checks.History.Where(c => c.Endpoint == endpoint).Reverse().TakeWhile(c => !c.IsPassed).Last().Ran.Ended;
}
