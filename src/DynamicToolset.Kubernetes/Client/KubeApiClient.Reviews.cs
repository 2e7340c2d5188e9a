using System.Collections.Immutable;
using DynamicToolset.Kubernetes.Serialization;

namespace DynamicToolset.Kubernetes.Client;

public sealed partial class KubeApiClient
{
    /// <inheritdoc/>
    public Task<ReviewedToken> ReviewTokenAsync(string token, ImmutableArray<string> audiences, CancellationToken cancellation)
    {
        var call = new KubeCall("create", "tokenreviews.authentication.k8s.io")
        {
            Method = HttpMethod.Post,
            PathAndQuery = "apis/authentication.k8s.io/v1/tokenreviews",
            Body = TokenReviewBody.Of(token, audiences),
            HoldsSecret = true,
        };
        return AskForOneAsync(call, AnswerBounds.Review, json => TokenReviewAnswer.Parse(json), cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> ReviewAccessAsync(UserInfo user, AccessQuestion question, CancellationToken cancellation)
    {
        var call = new KubeCall("create", "subjectaccessreviews.authorization.k8s.io")
        {
            Method = HttpMethod.Post,
            PathAndQuery = "apis/authorization.k8s.io/v1/subjectaccessreviews",
            Body = AccessReviewBody.Of(user, question),
        };
        return AskForOneAsync(call, AnswerBounds.Review, json => AccessReviewAnswer.Parse(json), cancellation);
    }
}
