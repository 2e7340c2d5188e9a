using System.Collections.Immutable;
using DynamicToolset.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Access;

/// <summary>Who calls and what they may do: asked of the API server, and remembered for a while.</summary>
internal sealed class CallerReviews
{
    private const string Anonymous = "system:anonymous";
    private const string Unauthenticated = "system:unauthenticated";

    /// <summary>An API server itself remembers a token for 10 seconds: together a minute after which a token that was taken back is worth nothing.</summary>
    private static readonly TimeSpan AcceptedFor = TimeSpan.FromSeconds(50);

    private static readonly TimeSpan AllowedFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RefusedFor = TimeSpan.FromSeconds(5);

    private readonly Reviews<TokenVerdict> _tokens;
    private readonly Reviews<bool> _rights;
    private readonly ReviewTrouble _tokenTrouble;
    private readonly ReviewTrouble _rightTrouble;
    private readonly IKubeApi _api;
    private readonly ImmutableArray<string> _audiences;
    private readonly TimeProvider _time;

    /// <param name="audiences">AUTH_AUDIENCES; empty for those of the API server.</param>
    public CallerReviews(IKubeApi api, ImmutableArray<string> audiences, TimeProvider time, ILoggerFactory loggers)
    {
        (_api, _audiences, _time) = (api, audiences, time);
        ILogger logger = loggers.CreateLogger<CallerReviews>();
        _tokenTrouble = new ReviewTrouble("create tokenreviews", time, logger);
        _rightTrouble = new ReviewTrouble("create subjectaccessreviews", time, logger);
        _tokens = new Reviews<TokenVerdict>(ReviewBudget.OfTokens(time), _tokenTrouble, time);
        _rights = new Reviews<bool>(ReviewBudget.OfRights(time), _rightTrouble, time);
    }

    /// <summary>Why callers cannot be checked, with what to do; null if they can, or nobody has called.</summary>
    public string? Trouble => _tokenTrouble.Current ?? _rightTrouble.Current;

    /// <summary>Who carries this token, where that is known without asking.</summary>
    public Caller? Known(BearerToken token) => _tokens.TryGetGood(token.Hash, out TokenVerdict? verdict) ? verdict!.Caller : null;

    /// <summary>Whether the token was good when it was last asked about.</summary>
    public bool WasGood(BearerToken token) => _tokens.KnewGood(token.Hash);

    /// <summary>Whether this needs a review, and was never allowed.</summary>
    public bool IsNew(Caller caller, AccessQuestion question) => _rights.IsNew(KeyOf(caller, question));

    /// <param name="address">The owner of the cache entry if the token is invalid.</param>
    public Task<Reviewed<TokenVerdict>> ReviewAsync(BearerToken token, string address) => _tokens.AskAsync(token.Hash, async cancellation =>
    {
        TokenVerdict verdict = Judge(await _api.ReviewTokenAsync(token.Text, _audiences, cancellation));
        return verdict.Caller is { } caller
            ? new Lasting<TokenVerdict>(verdict, IsGood: true, caller.User.Name, TokenLife.Shorten(AcceptedFor, token.Text, _time.GetUtcNow()))
            : new Lasting<TokenVerdict>(verdict, IsGood: false, address, RefusedFor);
    });

    public Task<Reviewed<bool>> ReviewAsync(Caller caller, AccessQuestion question) => _rights.AskAsync(KeyOf(caller, question), async cancellation =>
    {
        bool isAllowed = await _api.ReviewAccessAsync(caller.User, question, cancellation);
        return new Lasting<bool>(isAllowed, isAllowed, caller.User.Name, isAllowed ? AllowedFor : RefusedFor);
    });

    /// <summary>An API server that heeds no audiences answers without them, and one that takes a token for none says that it proves anybody.</summary>
    private TokenVerdict Judge(ReviewedToken review)
    {
        if (review.User is not { } user || user.Name == Anonymous || user.Groups.Contains(Unauthenticated))
            return new TokenVerdict(null, review.IsForOthers);
        bool isForUs = _audiences.IsEmpty || review.Audiences.Any(_audiences.Contains);
        return isForUs ? new TokenVerdict(new Caller(user)) : new TokenVerdict(null, IsForOthers: true);
    }

    private static string KeyOf(Caller caller, AccessQuestion question) => $"{caller.Fingerprint} {question}";
}
