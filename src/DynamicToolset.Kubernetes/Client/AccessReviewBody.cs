using System.Buffers;
using System.Diagnostics;
using System.Text.Json;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>
/// SubjectAccessReview, https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/subject-access-review-v1/, as it is sent.
/// </summary>
internal sealed record AccessReviewBody(AccessReviewBody.SubjectAccessReviewSpec Spec)
{
    public string ApiVersion { get; } = "authorization.k8s.io/v1";

    public string Kind { get; } = "SubjectAccessReview";

    public static KubeBody Of(UserInfo user, AccessQuestion question)
    {
        string? uid = user.Uid.Length > 0 ? user.Uid : null;
        var spec = new SubjectAccessReviewSpec(user.Name, uid, [.. user.Groups], user.Extra.ToDictionary(e => e.Key, e => e.Value.ToArray()));
        return KubeBody.Of("application/json", new AccessReviewBody(With(spec, question)), KubeJson.Default.AccessReviewBody);
    }

    private static SubjectAccessReviewSpec With(SubjectAccessReviewSpec spec, AccessQuestion question) => question switch
    {
        AccessQuestion.OfResource of => spec with { ResourceAttributes = new ResourceAttributes(of.Verb, of.Group, of.Resource, of.Namespace, of.Name) },
        AccessQuestion.OfPath of => spec with { NonResourceAttributes = new NonResourceAttributes(of.Verb, of.Path) },
        _ => throw new UnreachableException(),
    };

    internal sealed record SubjectAccessReviewSpec(string User, string? Uid, string[] Groups, Dictionary<string, string[]> Extra)
    {
        public ResourceAttributes? ResourceAttributes { get; init; }

        public NonResourceAttributes? NonResourceAttributes { get; init; }
    }

    internal sealed record ResourceAttributes(string Verb, string Group, string Resource, string? Namespace, string? Name);

    internal sealed record NonResourceAttributes(string Verb, string Path);
}

/// <summary>The same as the answer to a POST.</summary>
internal sealed record AccessReviewAnswer(AccessReviewAnswer.SubjectAccessReviewStatus? Status)
{
    /// <summary>Whether it is allowed. What is neither allowed nor denied is not allowed.</summary>
    internal static bool Parse(in ReadOnlySequence<byte> json) => KubeJson.Read(json, KubeJson.Default.AccessReviewAnswer)?.Status is { } verdict
        ? verdict is { Allowed: true, Denied: false }
        : throw new JsonException("a review without a status");

    internal sealed record SubjectAccessReviewStatus(bool Allowed, bool Denied);
}
