using CsCheck;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Tests.Properties;

namespace DynamicToolset.Tests.HealthCheck;

public sealed class HealthPolicyTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ProbeOutcome Passed = new ProbeOutcome.Success(200);

    private static readonly CheckWays Ways =
        new(new HealthCheckTarget(EndpointUrl.TryCreate("http", new ObjectKey("n", "s"), 80, "")!, "/", AcceptedStatuses.Default)) { MayBeHttps = true };

    private static readonly ProbeOutcome[] Failures =
    [
        new ProbeOutcome.BadStatus(503), new ProbeOutcome.Unanswered(ProbeFailure.Timeout), new ProbeOutcome.Unanswered(ProbeFailure.Refused), new ProbeOutcome.Unanswered(ProbeFailure.NameNotResolved),
        new ProbeOutcome.Unanswered(ProbeFailure.TlsFailed), new ProbeOutcome.Unanswered(ProbeFailure.Blocked(AddressDenial.Loopback)), new ProbeOutcome.Unanswered(ProbeFailure.ConnectionFailed),
        new ProbeOutcome.Unanswered(ProbeFailure.InvalidResponse),
    ];

    private static readonly Gen<ProbeOutcome> AnyFailure = Gen.Int[0, Failures.Length - 1].Select(i => Failures[i]);
    private static readonly Gen<ProbeOutcome> AnyOutcome = Gen.OneOf(Gen.Const(Passed), Gen.Const<ProbeOutcome>(new ProbeOutcome.WantsCredentials(403)), AnyFailure);
    private static readonly Gen<HealthState> AnyStart = Gen.Bool.Select(assumed => assumed ? HealthState.Assumed(Start) : HealthState.New(Start));

    // + is a passed check, - a failed one; U unknown, H healthy, X unhealthy.
    [Theory]
    [InlineData("new", 2, 1, "+", "H")]
    [InlineData("new", 2, 1, "-", "X")]
    [InlineData("new", 2, 2, "++", "UH")]
    [InlineData("new", 2, 3, "++-+++", "UUXXXH")]
    [InlineData("new", 2, 1, "+-", "HH")]
    [InlineData("new", 2, 1, "+--", "HHX")]
    [InlineData("new", 2, 1, "+-+-+-+-", "HHHHHHHH")]
    [InlineData("new", 2, 1, "+--+", "HHXH")]
    [InlineData("new", 2, 2, "++--+-++", "UHHXXXXH")]
    [InlineData("new", 3, 1, "+--+---", "HHHHHHX")]
    [InlineData("new", 1, 1, "+-+-", "HXHX")]
    [InlineData("assumed", 2, 1, "-", "H")]
    [InlineData("assumed", 2, 1, "--", "HX")]
    [InlineData("assumed", 2, 1, "-+--", "HHHX")]
    [InlineData("assumed", 1, 1, "-", "X")]
    [InlineData("assumed", 2, 3, "+", "H")]
    public void Checks_in_a_row_change_the_status(string start, int unhealthy, int healthy, string checks, string statuses)
    {
        HealthState state = start == "assumed" ? HealthState.Assumed(Start) : HealthState.New(Start);
        HealthThresholds thresholds = new(unhealthy, healthy);
        string seen = "";
        foreach (char check in checks)
        {
            state = HealthPolicy.Next(state, check == '+' ? Passed : Failures[0], thresholds, Start);
            seen += state.Status switch { HealthStatus.Unknown => 'U', HealthStatus.Healthy => 'H', _ => 'X' };
        }

        Assert.Equal(statuses, seen);
    }

    // The state before: what it was, how its last check ended, and how many in a row did so.
    [Theory]
    [InlineData("unknown", "none", 0, true)]
    [InlineData("unhealthy", "failed", 1, true)]
    [InlineData("healthy", "passed", 9, false)]
    [InlineData("healthy", "none", 0, false)]
    [InlineData("healthy", "failed", 1, true)]
    [InlineData("healthy", "obstructed", 0, true)]
    public void An_endpoint_moves_to_another_form_when_it_would_be_believed_unhealthy(string status, string last, int streak, bool moves)
    {
        HealthState state = HealthState.New(Start) with
        {
            Status = Enum.Parse<HealthStatus>(status, ignoreCase: true),
            Last = last switch { "passed" => Passed, "failed" => Failures[0], _ => null },
            Streak = streak,
            Obstacle = last == "obstructed" ? "mend it" : null,
        };
        CheckAttempt fails = new CheckAttempt(Ways, Ways.First, null).With(new ProbeAnswer.None(ProbeFailure.CutOff));
        Assert.Equal(moves, HealthPolicy.Moves(state, fails.With(new ProbeAnswer.Response(200, null, null, default)), new HealthThresholds()));
        Assert.Equal(moves, HealthPolicy.Moves(state, fails.With(new ProbeAnswer.Response(401, null, null, default)), new HealthThresholds()));
        Assert.False(HealthPolicy.Moves(state, fails.With(new ProbeAnswer.Response(503, null, null, default)), new HealthThresholds()));
        Assert.False(HealthPolicy.Moves(state, fails.With(new ProbeAnswer.None(ProbeFailure.TlsFailed)), new HealthThresholds()));
        Assert.False(HealthPolicy.Moves(state, fails, new HealthThresholds()));
        Assert.True(HealthPolicy.Moves(state, fails.With(new ProbeAnswer.Response(200, null, null, default)), new HealthThresholds(Unhealthy: 1)));
    }

    [Fact]
    public void One_outcome_never_flips_healthy_to_unhealthy_with_the_default_thresholds() =>
        Gen.Select(AnyStart, AnyOutcome.List[0, 20], AnyFailure).Holds(1_000, output, input =>
        {
            (HealthState start, List<ProbeOutcome> before, ProbeOutcome failure) = input;
            HealthState state = Replay(start, before, new HealthThresholds());
            bool lastPassed = state.Last is null or { IsSuccess: true };
            return state.Status != HealthStatus.Healthy || !lastPassed
                || HealthPolicy.Next(state, failure, new HealthThresholds(), Start).Status == HealthStatus.Healthy;
        });

    [Fact]
    public void An_endpoint_that_never_fails_twice_in_a_row_stays_healthy_for_ever() =>
        AnyOutcome.List[0, 50].Holds(1_000, output, outcomes =>
        {
            HealthState state = HealthState.Assumed(Start);
            foreach (ProbeOutcome outcome in outcomes)
            {
                if (!outcome.IsSuccess && state.Last is { IsSuccess: false })
                    continue;
                state = HealthPolicy.Next(state, outcome, new HealthThresholds(), Start);
                if (state.Status != HealthStatus.Healthy)
                    return false;
            }

            return true;
        });

    [Fact]
    public void Enough_equal_outcomes_always_settle() =>
        Gen.Select(AnyStart, AnyOutcome.List[0, 20], AnyOutcome, Gen.Int[1, 5], Gen.Int[1, 5]).Holds(
            1_000,
            output,
            input =>
            {
                (HealthState start, List<ProbeOutcome> before, ProbeOutcome outcome, int unhealthy, int healthy) = input;
                HealthThresholds thresholds = new(unhealthy, healthy);
                HealthState state = Replay(start, before, thresholds);
                state = Replay(state, Enumerable.Repeat(outcome, Math.Max(unhealthy, healthy)), thresholds);
                return state.Status == (outcome.IsSuccess ? HealthStatus.Healthy : HealthStatus.Unhealthy);
            });

    [Fact]
    public void A_fault_of_this_side_leaves_all_as_it_was_and_says_what_to_do_until_the_next_answer() =>
        Gen.Select(AnyStart, AnyOutcome.List[0, 20], AnyOutcome).Holds(500, output, input =>
        {
            (HealthState start, List<ProbeOutcome> before, ProbeOutcome next) = input;
            HealthState state = Replay(start, before, new HealthThresholds());
            ProbeOutcome ours = new ProbeOutcome.Unanswered(ProbeFailure.NameNotResolved.OfOurs("mend it"));
            HealthState obstructed = Replay(state, [ours, ours, ours], new HealthThresholds());
            return obstructed == state with { Obstacle = "mend it" }
                && HealthPolicy.EndsCheck(state, ours, 1, 3)
                && Replay(obstructed, [next], new HealthThresholds()) == Replay(state, [next], new HealthThresholds());
        });

    [Fact]
    public void Failures_of_different_kinds_count_together()
    {
        HealthState state = Replay(HealthState.Assumed(Start), [new ProbeOutcome.Unanswered(ProbeFailure.Timeout), new ProbeOutcome.Unanswered(ProbeFailure.Refused)], new HealthThresholds());

        Assert.Equal(HealthStatus.Unhealthy, state.Status);
    }

    [Fact]
    public void Since_moves_with_the_status_and_not_with_the_checks()
    {
        HealthThresholds thresholds = new();
        HealthState first = HealthPolicy.Next(HealthState.New(Start), Passed, thresholds, Start.AddSeconds(1));
        HealthState second = HealthPolicy.Next(first, Passed, thresholds, Start.AddSeconds(2));
        HealthState failed = HealthPolicy.Next(second, Failures[0], thresholds, Start.AddSeconds(3));
        HealthState gone = HealthPolicy.Next(failed, Failures[0], thresholds, Start.AddSeconds(4));

        Assert.Equal(
            [Start.AddSeconds(1), Start.AddSeconds(1), Start.AddSeconds(1), Start.AddSeconds(4)],
            [first.Since, second.Since, failed.Since, gone.Since]);
    }

    [Fact]
    public void Assumed_health_ends_with_the_first_check()
    {
        HealthState assumed = HealthState.Assumed(Start);

        Assert.True(assumed.IsAssumed);
        Assert.False(HealthPolicy.Next(assumed, Passed, new HealthThresholds(), Start).IsAssumed);
        Assert.False(HealthPolicy.Next(assumed, Failures[0], new HealthThresholds(), Start).IsAssumed);
        Assert.False(HealthState.New(Start).IsAssumed);
    }

    // + is a passed attempt, - a 503, t a hang, b a forbidden address.
    [Theory]
    [InlineData("new", "+", 1)]
    [InlineData("new", "-+", 2)]
    [InlineData("new", "----", 3)]
    [InlineData("new", "-t", 2)]
    [InlineData("new", "t", 1)]
    [InlineData("assumed", "tttt", 3)]
    [InlineData("assumed", "b", 1)]
    [InlineData("healthy", "tt+", 3)]
    [InlineData("failed once", "-", 1)]
    [InlineData("failed once", "t", 1)]
    [InlineData("unhealthy", "-", 1)]
    public void Only_what_is_well_is_worth_attempts_that_hang_and_what_failed_gets_one(string start, string attempts, int taken)
    {
        HealthState state = start switch
        {
            "new" => HealthState.New(Start),
            "assumed" => HealthState.Assumed(Start),
            "healthy" => Replay(HealthState.New(Start), [Passed], new HealthThresholds()),
            "failed once" => Replay(HealthState.New(Start), [Passed, Failures[0]], new HealthThresholds()),
            _ => Replay(HealthState.New(Start), [Failures[0]], new HealthThresholds()),
        };
        int attempt = 1 + attempts.TakeWhile((kind, i) => !HealthPolicy.EndsCheck(state, OutcomeOf(kind), i + 1, attempts: 3)).Count();

        Assert.Equal(taken, attempt);
    }

    [Theory]
    [InlineData("c", "Healthy", true)]
    [InlineData("cc", "Healthy", true)]
    [InlineData("c+", "Healthy", false)]
    [InlineData("+c", "Healthy", true)]
    [InlineData("-c", "Healthy", true)]
    [InlineData("c-", "Healthy", true)]
    [InlineData("c-c-c", "Healthy", true)]
    [InlineData("c--", "Unhealthy", true)]
    [InlineData("c--+", "Healthy", false)]
    [InlineData("+--", "Unhealthy", false)]
    public void To_want_credentials_is_to_be_healthy_and_lasts_until_a_check_passes_without(string checks, string status, bool wantsCredentials)
    {
        HealthState state = Replay(HealthState.New(Start), checks.Select(OutcomeOf), new HealthThresholds());

        Assert.Equal((status, wantsCredentials), (state.Status.ToString(), state.WantsCredentials));
        Assert.Equal(wantsCredentials, state.Verdict.WantsCredentials);
    }

    private static ProbeOutcome OutcomeOf(char attempt) => attempt switch
    {
        '+' => Passed,
        'c' => new ProbeOutcome.WantsCredentials(401),
        't' => new ProbeOutcome.Unanswered(ProbeFailure.Timeout),
        'b' => new ProbeOutcome.Unanswered(ProbeFailure.Blocked(AddressDenial.Loopback)),
        _ => new ProbeOutcome.BadStatus(503),
    };

    private static HealthState Replay(HealthState state, IEnumerable<ProbeOutcome> outcomes, HealthThresholds thresholds) =>
        outcomes.Aggregate(state, (current, outcome) => HealthPolicy.Next(current, outcome, thresholds, Start));
}
