namespace DynamicToolset.HealthCheck;

/// <summary>
/// One attempt of a check: the endpoint is asked in the form that worked last, and, where the answer is a sign of another form, once more in that one. It has
/// no clock and asks nobody.
/// </summary>
/// <param name="Asked">The way in which it is asked first.</param>
/// <param name="Before">What was tried besides the last time; null where nothing was.</param>
/// <param name="IsAlone">True where no other way is tried, since one was in this check.</param>
public sealed record CheckAttempt(CheckWays Ways, HealthCheckTarget Asked, OtherWay? Before, bool IsAlone = false)
{
    private HealthCheckTarget? _next = Asked;

    /// <summary>Null before there was an answer.</summary>
    public ProbeOutcome? Outcome { get; private init; }

    /// <summary>The other way; null where none was tried.</summary>
    public OtherWay? Tried { get; private init; }

    /// <param name="timeout">Of both requests together, what is left of it.</param>
    /// <returns>Null where nothing is left to ask.</returns>
    public ProbeRequest? Next(TimeSpan timeout) =>
        timeout > TimeSpan.Zero && _next is { } way ? way.Request(timeout) with { TokenFile = Ways.TokenFile } : null;

    /// <param name="answer">To <see cref="Next"/>.</param>
    public CheckAttempt With(ProbeAnswer answer)
    {
        HealthCheckTarget way = _next!;
        var outcome = ProbeOutcome.Of(answer, way.Accepts);
        if (Outcome is not null)
            return this with { _next = null, Tried = new OtherWay(way, outcome, Leads(way, answer)) };
        return this with { _next = outcome.IsSuccess || IsAlone ? null : OtherAfter(answer), Outcome = outcome };
    }

    /// <summary>Where a prefix has to be found below https, or in a list of several, each check tries the next one.</summary>
    private HealthCheckTarget? OtherAfter(ProbeAnswer answer)
    {
        HealthCheckTarget? other = Ways.After(Asked, answer);
        bool isShown = answer is ProbeAnswer.Response { Status: >= 300 and < 400 };
        return other is not null && !isShown && Before?.Leads is { } leads && leads.Endpoint.Scheme == other.Endpoint.Scheme ? leads : other;
    }

    private HealthCheckTarget? Leads(HealthCheckTarget way, ProbeAnswer answer) => Ways.After(way, answer) is { } next && next != Asked ? next : null;
}

/// <summary>A way in which an endpoint was asked after the one that worked last had failed.</summary>
/// <param name="Leads">What comes next if it fails again; null: all over again.</param>
public sealed record OtherWay(HealthCheckTarget Way, ProbeOutcome Outcome, HealthCheckTarget? Leads);
