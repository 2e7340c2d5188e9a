using System.Diagnostics;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Service.Http;
using DynamicToolset.Service.Options;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Access;

/// <summary>
/// Lets in who may, and as often as they may. Only a look into memory comes before the limits: where a token is known to be good its owner's limit
/// counts; all others share the limit of their address before anything is asked for their sake.
/// </summary>
internal sealed class AccessGate
{
    private static readonly AccessQuestion ToMetrics = new AccessQuestion.OfPath("get", "/metrics");

    private readonly Settings _settings;
    private readonly CallerReviews _reviews;
    private readonly RequestLimits _callers;
    private readonly RequestLimits _addresses;
    private readonly RequestLimits _questions;

    public AccessGate(Settings settings, IKubeApi api, TimeProvider time, ILoggerFactory loggers)
    {
        _settings = settings;
        _reviews = new CallerReviews(api, settings.AuthAudiences, time, loggers);
        _callers = new RequestLimits(time, perSecond: 100, burst: 150);
        _addresses = new RequestLimits(time, perSecond: 20, burst: 40);
        _questions = new RequestLimits(time, perSecond: 10, burst: 30);
    }

    /// <summary>One of those that <c>/readyz</c> shows. Whether callers can be checked is known once one has called.</summary>
    public SelfCheck Check => SelfCheck.Of("access-reviews", passes: true, _reviews.Trouble);

    /// <summary>In front of what PORT answers, behind routing.</summary>
    public async Task AdmitAsync(HttpContext http, RequestDelegate next)
    {
        EndpointMetadataCollection? metadata = http.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<AlwaysAnswered>() is null && await JudgeAsync(http, metadata?.GetMetadata<RequiredRight>()) is { } refusal)
            await refusal.WriteAsync(http);
        else
            await next(http);
    }

    /// <summary>In front of what METRICS_PORT answers.</summary>
    public async Task AdmitToMetricsAsync(HttpContext http, RequestDelegate next)
    {
        if (_settings.MetricsAuthEnabled && await JudgeAsync(http, ToMetrics) is { } refusal)
            await refusal.WriteAsync(http);
        else
            await next(http);
    }

    /// <summary>Null where the request may go on.</summary>
    private async Task<AccessRefusal?> JudgeAsync(HttpContext http, RequiredRight? right)
    {
        if (!_settings.AuthEnabled)
            return LimitOf(ClientAddress.Of(http.Connection.RemoteIpAddress));
        if (right is not null)
            return await JudgeAsync(http, QuestionOf(right, http.Request));
        return BearerToken.TryRead(http.Request, out BearerToken? token, out _) && _reviews.Known(token) is { } caller
            ? LimitOf(caller.User.Name)
            : LimitOfStranger(ClientAddress.Of(http.Connection.RemoteIpAddress));
    }

    private async Task<AccessRefusal?> JudgeAsync(HttpContext http, AccessQuestion question)
    {
        string address = ClientAddress.Of(http.Connection.RemoteIpAddress);
        bool hasToken = BearerToken.TryRead(http.Request, out BearerToken? token, out string? problem);
        if ((!hasToken || !_reviews.WasGood(token!)) && LimitOfStranger(address) is { } tooMany)
            return tooMany;
        if (!hasToken)
            return AccessRefusal.NoToken(problem);
        return await _reviews.ReviewAsync(token!, address).WaitAsync(http.RequestAborted) switch
        {
            Reviewed<TokenVerdict>.Answer { Said.Caller: { } caller } => LimitOf(caller.User.Name) ?? await JudgeAsync(http, caller, question),
            Reviewed<TokenVerdict>.Answer answer => AccessRefusal.OfToken(answer.Said),
            Reviewed<TokenVerdict>.Postponed later => AccessRefusal.TooMany("too many tokens are waiting to be checked", later.Wait),
            Reviewed<TokenVerdict>.Unanswered no => AccessRefusal.Unanswered("the token", no.Why, no.Wait),
            _ => throw new UnreachableException(),
        };
    }

    private async Task<AccessRefusal?> JudgeAsync(HttpContext http, Caller caller, AccessQuestion question)
    {
        if (_settings.Authorization == AuthorizationMode.None)
            return null;
        const string TooManyQuestions = "too many permissions are waiting to be checked";
        if (_reviews.IsNew(caller, question) && _questions.Take(caller.User.Name) is { } wait)
            return AccessRefusal.TooMany(TooManyQuestions, wait);
        switch (await _reviews.ReviewAsync(caller, question).WaitAsync(http.RequestAborted))
        {
            case Reviewed<bool>.Answer { Said: true }:
                return null;
            case Reviewed<bool>.Answer:
                return AccessRefusal.NotAllowed(caller, question);
            case Reviewed<bool>.Postponed later:
                return AccessRefusal.TooMany(TooManyQuestions, later.Wait);
            case Reviewed<bool>.Unanswered no:
                return AccessRefusal.Unanswered("what you may do", no.Why, no.Wait);
            default:
                throw new UnreachableException();
        }
    }

    private AccessRefusal? LimitOf(string caller) =>
        _callers.Take(caller) is { } wait ? AccessRefusal.TooMany("more than 100 requests a second", wait) : null;

    private AccessRefusal? LimitOfStranger(string address) => _addresses.Take(address) is { } wait
        ? AccessRefusal.TooMany("more than 20 requests a second from this address without a token known to be valid", wait)
        : null;

    /// <summary>
    /// For one namespace only where exactly that one is named, in the path or, where that has none, in the query; anything else is for the cluster.
    /// </summary>
    private static AccessQuestion.OfResource QuestionOf(RequiredRight right, HttpRequest request)
    {
        string? ns = right.NamespaceFrom is not { } from ? null
            : request.RouteValues.TryGetValue(from, out object? inPath) ? inPath as string
            : request.Query[from] is [{ } once] ? once : null;
        return new AccessQuestion.OfResource(right.Verb, RequiredRight.Group, right.Resource, ns is not null && DnsName.IsLabel(ns) ? ns : null);
    }
}
