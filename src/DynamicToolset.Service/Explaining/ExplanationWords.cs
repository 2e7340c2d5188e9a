using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Messages;
using DynamicToolset.Rules;

namespace DynamicToolset.Service.Explaining;

/// <summary>The words that the explanations of one Service and of all have in common.</summary>
internal static class ExplanationWords
{
    private const int MostMisspelt = 5;

    public const string NotConsidered = "its namespace is not one of NAMESPACES";

    public static string Of(ProbeOutcome outcome) => outcome switch
    {
        ProbeOutcome.Success success => $"healthy, it answers {success.Code}",
        ProbeOutcome.Connected => "healthy, it accepts connections",
        ProbeOutcome.WantsCredentials wants => $"healthy, it answers {wants.Code} and wants credentials{Of(wants)}",
        ProbeOutcome.BadStatus bad => $"unhealthy, it answers {bad.Code}",
        ProbeOutcome.Unanswered { Failure.Denial: { } denial } => $"unhealthy, its address is never connected to ({denial})",
        { Advice: not null } => $"not known, {outcome.Reason}",
        _ => $"unhealthy, {outcome.Reason}",
    };

    private static string Of(ProbeOutcome.WantsCredentials wants) => wants switch
    {
        { WithToken: { } code } => $", and {code} to the token of HEALTH_CHECK_TOKEN_FILES",
        { Token: TokenUse.Sent } => ", and refuses the token of HEALTH_CHECK_TOKEN_FILES",
        { Token: TokenUse.Unreadable } => "; its file of HEALTH_CHECK_TOKEN_FILES does not contain a token",
        { Token: TokenUse.Unverified } => "; its token of HEALTH_CHECK_TOKEN_FILES is sent only over https to a verified certificate, and not through the API server",
        _ => "",
    };

    /// <summary>What HolmesGPT will meet.</summary>
    public static string Of(QuestionVerdict verdict) => verdict switch
    {
        QuestionVerdict.Works => "works",
        QuestionVerdict.Credentials => "wants credentials",
        QuestionVerdict.Tenant => "wants a tenant header",
        QuestionVerdict.Certificate => "works, but its certificate is not verified",
        _ => "has no data",
    };

    /// <summary>What was tried besides, and what came of it.</summary>
    public static string Of(OtherWay tried) => $"{tried.Way.Action}: {Of(tried.Outcome)}";

    /// <summary>What of a URL was found by asking: <c>https</c>, <c>/jaeger</c>, or both; null where nothing was.</summary>
    public static string? AsProbed(Detection.Matched found)
    {
        (EndpointForm form, EndpointForm shown) = (found.Endpoint.Form, found.Ways.First.Endpoint.Form);
        string[] parts = [form.Scheme == shown.Scheme ? "" : form.Scheme, form.Path == shown.Path ? "" : form.Path.Length == 0 ? "/" : form.Path];
        return found.IsAsProbed ? string.Join(' ', parts.Where(p => p.Length > 0)) : null;
    }

    /// <summary>Which answers are healthy.</summary>
    public static string Of(AcceptedStatuses accepted)
    {
        ILookup<bool, int> codes = accepted.Codes.ToLookup(AcceptedStatuses.MeanCredentials);
        string healthy = string.Join(" or ", codes[false]), wanting = string.Join(" or ", codes[true]);
        return (healthy, wanting) switch
        {
            (_, "") => healthy,
            ("", _) => $"{wanting} if it wants credentials",
            _ => $"{healthy}, or {wanting} if it wants credentials",
        };
    }

    /// <summary>What the rule in force, or the annotations, found.</summary>
    public static string FoundBy(Detection.Matched match) => (match.IsAskedFor, match.Rule) switch
    {
        (true, null) => "its annotations",
        (true, _) => $"its annotations, and rule {match.Rule}",
        _ => $"rule {match.Rule}",
    };

    /// <summary>Annotations that say nothing, and why.</summary>
    public static IEnumerable<string> Ignored(ServiceExplanation explained) =>
    [
        .. explained.IgnoredAnnotations.Select(name => $"{name}: it has an effect only with {ToolsetAnnotations.Toolset}: \"true\""),
        .. explained.MisspeltAnnotations.Take(MostMisspelt).Select(a => $"{QuotedText.OrPlain(a.Name)}: did you mean {a.Meant}?"),
    ];

    /// <summary>The one line of a table.</summary>
    public static string Why(ServiceExplanation explained, ExplainedHealth health)
    {
        string[] ignored = [.. Ignored(explained).Take(1)];
        return string.Join("; ", new[] { WhyIt(explained, health) }.Where(w => w.Length > 0).Concat(ignored.Select(i => $"ignored: {i}")));
    }

    private static string WhyIt(ServiceExplanation explained, ExplainedHealth health) => explained switch
    {
        { IsConsidered: false } => NotConsidered,
        { Detection: Detection.Matched found } => string.Join("; ", Reasons(explained, found, health)),
        { Detection: Detection.Twin twin } => $"another name of {twin.Of}",
        { Detection: Detection.Contradicted contradicted } => $"not {contradicted.Match.Rule}: it answers as {contradicted.Identity}",
        { Detection: Detection.OptedOut } => $"{ToolsetAnnotations.Toolset} is \"false\"",
        { Detection: Detection.Rejected rejected } => $"skipped: {rejected.Problem}",
        _ => explained.Closest is { } closest ? $"not {closest.Rule}: {closest.Failed}" : "",
    };

    private static IEnumerable<string> Reasons(
        ServiceExplanation explanation, Detection.Matched found, ExplainedHealth health)
    {
        if (health.Of(found) is { } outcome)
            yield return Of(outcome);
        yield return FoundBy(found);
        if (AsProbed(found) is { } probed)
            yield return $"as probed: {probed}";
        if (health.IdentityOf(found) is { } identity)
            yield return $"answers as {identity}";
        // What the toolset has already is nothing to tell.
        if (health.Of(found) is not ProbeOutcome.WantsCredentials && health.ShortfallOf(found) is { } shortfall)
            yield return Of(shortfall.Verdict);
        if (explanation.Certificate == UnverifiedCertificate.Advice)
            yield return "its certificate is not verified";
        if (explanation.Lost is { Holder: { } holder } lost)
            yield return $"{holder} has the name {lost.Name}";
        if (explanation.StandsInFor is { } real)
            yield return $"stands in for {real} while that does not answer";
    }
}
