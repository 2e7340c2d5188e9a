using System.Text.RegularExpressions;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Tests.HealthCheck;

public sealed partial class ProbeOutcomeTests
{
    [Theory]
    [InlineData(200, "ok", "ok", "status")]
    [InlineData(204, "ok", "status", "status")]
    [InlineData(201, "status", "status", "status")]
    [InlineData(202, "status", "status", "status")]
    [InlineData(206, "status", "status", "status")]
    [InlineData(301, "status", "status", "status")]
    [InlineData(302, "status", "status", "status")]
    [InlineData(401, "credentials", "status", "credentials")]
    [InlineData(402, "status", "status", "status")]
    [InlineData(403, "credentials", "status", "status")]
    [InlineData(404, "status", "status", "status")]
    [InlineData(407, "status", "status", "status")]
    [InlineData(429, "status", "ok", "status")]
    [InlineData(451, "status", "status", "status")]
    [InlineData(500, "status", "status", "status")]
    [InlineData(503, "status", "status", "status")]
    [InlineData(511, "status", "status", "status")]
    public void A_status_is_what_a_rule_says_and_else_401_and_403_want_credentials(int status, string usual, string only200And429, string only401)
    {
        foreach ((AcceptedStatuses accepted, string reason) in new[] { (AcceptedStatuses.Default, usual), (new([200, 429]), only200And429), (new([401]), only401) })
        {
            ProbeOutcome outcome = ProbeOutcome.Of(new ProbeAnswer.Response(status, null, null, default), accepted);

            Assert.Equal(reason, outcome.Reason);
            Assert.Equal(reason != "status", outcome.IsSuccess);
            Assert.Equal(status, outcome.StatusCode);
        }
    }

    [Fact]
    public void What_takes_a_connection_and_was_asked_nothing_is_well()
    {
        ProbeOutcome outcome = ProbeOutcome.Of(new ProbeAnswer.Connected(), AcceptedStatuses.Default);

        Assert.Equal((true, "ok", null, null), (outcome.IsSuccess, outcome.Reason, outcome.StatusCode, outcome.Advice));
    }

    [Fact]
    public void Every_reason_is_one_word_of_its_own()
    {
        ProbeOutcome[] all =
        [
            new ProbeOutcome.Success(200), new ProbeOutcome.WantsCredentials(401), new ProbeOutcome.BadStatus(503), new ProbeOutcome.Unanswered(ProbeFailure.Timeout), new ProbeOutcome.Unanswered(ProbeFailure.Refused),
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
