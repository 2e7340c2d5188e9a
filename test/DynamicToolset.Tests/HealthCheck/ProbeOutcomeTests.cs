using System.Text.RegularExpressions;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Tests.HealthCheck;

public sealed partial class ProbeOutcomeTests
{
    [Theory]
    [InlineData(200, false, "ok")]
    [InlineData(204, false, "ok")]
    [InlineData(201, false, "status")]
    [InlineData(202, false, "status")]
    [InlineData(206, false, "status")]
    [InlineData(301, false, "status")]
    [InlineData(302, true, "status")]
    [InlineData(401, false, "status")]
    [InlineData(403, false, "status")]
    [InlineData(401, true, "ok")]
    [InlineData(403, true, "ok")]
    [InlineData(404, true, "status")]
    [InlineData(407, true, "status")]
    [InlineData(500, true, "status")]
    [InlineData(503, false, "status")]
    public void Only_200_and_204_are_healthy_and_what_else_the_target_says(int status, bool acceptsUnauthorized, string reason)
    {
        ProbeOutcome outcome = ProbeOutcome.Of(new ProbeAnswer.Response(status, null, null, default), acceptsUnauthorized ? new AcceptedStatuses([200, 204, 401, 403]) : AcceptedStatuses.Default);

        Assert.Equal(reason, outcome.Reason);
        Assert.Equal(reason == "ok", outcome.IsSuccess);
        Assert.Equal(status, outcome.StatusCode);
    }

    [Fact]
    public void Every_reason_is_one_word_of_its_own()
    {
        ProbeOutcome[] all =
        [
            new ProbeOutcome.Success(200), new ProbeOutcome.BadStatus(503), new ProbeOutcome.Unanswered(ProbeFailure.Timeout), new ProbeOutcome.Unanswered(ProbeFailure.Refused),
            new ProbeOutcome.Unanswered(ProbeFailure.NameNotResolved), new ProbeOutcome.Unanswered(ProbeFailure.TlsFailed), new ProbeOutcome.Unanswered(ProbeFailure.Blocked(AddressDenial.Loopback)),
            new ProbeOutcome.Unanswered(ProbeFailure.ConnectionFailed), new ProbeOutcome.Unanswered(ProbeFailure.InvalidResponse),
            new ProbeOutcome.Unanswered(ProbeFailure.ApiServer("mend it")),
        ];

        Assert.All(all, outcome => Assert.Matches(OneWord(), outcome.Reason));
        Assert.Equal(all.Length, all.Select(outcome => outcome.Reason).Distinct().Count());
    }

    [Fact]
    public void Of_what_a_backend_sent_nothing_is_shown_but_the_status_code() =>
        Assert.Equal("200", $"{new ProbeAnswer.Response(200, "text/secret", "http://secret", "secret"u8.ToArray())}");

    [GeneratedRegex("^[a-z]+$")]
    private static partial Regex OneWord();
}
