using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Access;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Schema;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox.Http;

/// <summary>
/// The requests that are questions and leave nothing behind: TokenReview, SubjectAccessReview, SelfSubjectAccessReview, SelfSubjectRulesReview, and
/// TokenRequest (https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/, .../authorization-resources/).
/// </summary>
internal sealed class ReviewRequests(BearerTokens tokens, AccessReviews reviews)
{
    private const string Authentication = "authentication.k8s.io";
    private const string Authorization = AccessReviews.Group;
    private const long ShortestLife = 600;
    private const long UsualLife = 3600;

    /// <summary>Null where the path is for none of them.</summary>
    public Task? Answer(ApiRequest request)
    {
        ResourcePath path = request.Path;
        Func<JsonObject, JsonObject>? answer = path switch
        {
            { Group: Authentication, Version: "v1", Plural: "tokenreviews", Name: "" } => reviews.ReviewToken,
            { Group: Authorization, Version: "v1", Plural: "subjectaccessreviews", Name: "" } => reviews.ReviewAccess,
            { Group: Authorization, Version: "v1", Plural: "selfsubjectaccessreviews", Name: "" } => body => reviews.ReviewOwnAccess(request.User, body),
            { Group: Authorization, Version: "v1", Plural: "selfsubjectrulesreviews", Name: "" } => body => reviews.ReviewOwnRules(request.User, body),
            { Group: "", Version: "v1", Plural: "serviceaccounts", Subresource: "token" } =>
                body => RequestToken(path.Key, body),
            _ => null,
        };
        return answer is null ? null : AnswerAsync(request, answer);
    }

    private static async Task AnswerAsync(ApiRequest request, Func<JsonObject, JsonObject> answer)
    {
        if (request.Context.Request.Method != "POST")
            throw KubeStatusException.MethodNotAllowed();

        string plural = request.Path.Plural;
        (string kind, FieldSchema.Struct schema) = plural switch
        {
            "tokenreviews" => ("TokenReview", KubeSchemas.TokenReview),
            "serviceaccounts" => ("TokenRequest", KubeSchemas.TokenRequest),
            "subjectaccessreviews" => ("SubjectAccessReview", KubeSchemas.SubjectAccessReview),
            "selfsubjectrulesreviews" => ("SelfSubjectRulesReview", KubeSchemas.SelfSubjectRulesReview),
            _ => ("SelfSubjectAccessReview", KubeSchemas.SubjectAccessReview),
        };
        string apiVersion = $"{(plural is "tokenreviews" or "serviceaccounts" ? Authentication : Authorization)}/v1";
        RequestBody body = await request.ReadBodyAsync();
        JsonObject spec = Shape(body.ReadObject(kind, schema), schema, kind).ChildOrNew("spec");
        JsonObject status = answer(spec);
        await Responses.WriteJsonAsync(
            request.Context,
            new JsonObject
            {
                ["kind"] = kind,
                ["apiVersion"] = apiVersion,
                ["metadata"] = new JsonObject { ["creationTimestamp"] = null },
                ["spec"] = spec.DeepClone(),
                ["status"] = status,
            },
            StatusCodes.Status201Created);
    }

    private static JsonObject Shape(JsonObject body, FieldSchema.Struct schema, string kind)
    {
        if ((body.Text("kind") ?? kind) != kind)
            throw KubeStatusException.BadRequest($"{body.Text("kind")} cannot be handled as a {kind}");

        try
        {
            return ObjectShape.Conform(body, schema);
        }
        catch (ShapeException error)
        {
            throw KubeStatusException.BadRequest($"{kind} in version \"v1\" cannot be handled as a {kind}: {error.Message}");
        }
    }

    private JsonObject RequestToken(ObjectKey account, JsonObject spec)
    {
        long seconds = spec.Number("expirationSeconds") ?? UsualLife;
        if (seconds < ShortestLife)
        {
            throw KubeStatusException.Invalid(
                Authentication,
                "TokenRequest",
                "",
                [FieldError.InvalidNumber("spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes")]);
        }

        string[] audiences = [.. spec.Texts("audiences")];
        audiences = audiences.Length == 0 ? [BearerTokens.ApiAudience] : audiences;
        (string token, DateTimeOffset expires) = tokens.Issue(account, audiences, TimeSpan.FromSeconds(seconds));
        spec["audiences"] = JsonText.Array(audiences);
        spec["expirationSeconds"] = seconds;
        return new JsonObject { ["token"] = token, ["expirationTimestamp"] = KubeTime.Format(expires) };
    }
}
