using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Sandbox.Access;
using DynamicToolset.Sandbox.Json;

namespace DynamicToolset.Sandbox.Api;

public sealed partial class SimulatedKubeApi
{
    /// <summary>Null where there is nobody who could be known: every token proves nobody, and nothing is allowed.</summary>
    internal AccessReviews? Reviews { get; init; }

    public Task<ReviewedToken> ReviewTokenAsync(string token, ImmutableArray<string> audiences, CancellationToken cancellation) => ReviewAsync(
        new Call("create", "tokenreviews", "authentication.k8s.io") { HoldsSecret = true },
        TokenReviewBody.Of(token, audiences),
        (reviews, spec) => reviews.ReviewToken(spec),
        json => TokenReviewAnswer.Parse(json),
        cancellation);

    public Task<bool> ReviewAccessAsync(UserInfo user, AccessQuestion question, CancellationToken cancellation) => ReviewAsync(
        new Call("create", "subjectaccessreviews", AccessReviews.Group),
        AccessReviewBody.Of(user, question),
        (reviews, spec) => reviews.ReviewAccess(spec),
        json => AccessReviewAnswer.Parse(json),
        cancellation);

    private Task<T> ReviewAsync<T>(
        Call call, KubeBody body, Func<AccessReviews, JsonObject, JsonObject> judge, Func<ReadOnlySequence<byte>, T> parse, CancellationToken cancellation) =>
        AskAsync(
            call,
            () =>
            {
                JsonObject status = Reviews is null ? [] : judge(Reviews, Sent(body)["spec"]!.AsObject());
                return parse(new ReadOnlySequence<byte>(JsonText.Write(new JsonObject { ["status"] = status })));
            },
            cancellation);
}
