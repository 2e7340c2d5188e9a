using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>TokenReview, https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-review-v1/, as it is sent.</summary>
internal sealed record TokenReviewBody(TokenReviewBody.TokenReviewSpec Spec)
{
    public string ApiVersion { get; } = "authentication.k8s.io/v1";

    public string Kind { get; } = "TokenReview";

    public static KubeBody Of(string token, ImmutableArray<string> audiences)
    {
        var spec = new TokenReviewSpec(token, audiences.IsEmpty ? null : [.. audiences]);
        return KubeBody.Of("application/json", new TokenReviewBody(spec), KubeJson.Default.TokenReviewBody);
    }

    /// <remarks>Its text is nobody's to print.</remarks>
    internal sealed record TokenReviewSpec(string Token, string[]? Audiences)
    {
        public override string ToString() => nameof(TokenReviewSpec);
    }
}

/// <summary>The same as the answer to a POST. The token comes back in it and is passed over.</summary>
internal sealed record TokenReviewAnswer(TokenReviewAnswer.TokenReviewStatus? Status)
{
    internal static ReviewedToken Parse(in ReadOnlySequence<byte> json)
    {
        TokenReviewStatus verdict = KubeJson.Read(json, KubeJson.Default.TokenReviewAnswer)?.Status ?? throw new JsonException("a review without a status");
        if (!verdict.Authenticated || verdict.User is not { Username.Length: > 0 } user)
            return new ReviewedToken(null, [], IsForOthers: verdict.Error?.Contains("audience", StringComparison.OrdinalIgnoreCase) == true);
        return new ReviewedToken(
            new UserInfo(user.Username, user.Uid ?? "", Texts(user.Groups), Extra(user)), Texts(verdict.Audiences), IsForOthers: false);
    }

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> Extra(Person user) =>
        (user.Extra ?? []).ToImmutableSortedDictionary(pair => pair.Key, pair => Texts(pair.Value), StringComparer.Ordinal);

    private static ImmutableArray<string> Texts(string?[]? texts) => [.. (texts ?? []).OfType<string>()];

    internal sealed record TokenReviewStatus(bool Authenticated, Person? User, string?[]? Audiences, string? Error);

    internal sealed record Person(string? Username, string? Uid, string?[]? Groups, Dictionary<string, string?[]?>? Extra);
}
