using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Sandbox.Access;

/// <summary>The verdicts on questions of who somebody is and what they may do: of the spec of a review its status.</summary>
internal sealed class AccessReviews(BearerTokens tokens, RoleAuthorizer authorizer)
{
    public const string Group = "authorization.k8s.io";

    public JsonObject ReviewToken(JsonObject spec)
    {
        if (spec.Text("token") is not { Length: > 0 } token)
            throw KubeStatusException.BadRequest("token is required for TokenReview in authentication");

        string[] audiences = [.. spec.Texts("audiences")];
        audiences = audiences.Length == 0 ? [BearerTokens.ApiAudience] : audiences;
        // As kube-apiserver does, which puts the token into a header and lets the same code look at that as at any other.
        TokenVerdict verdict = BearerTokens.In($"Bearer {token}") is { } word ? tokens.Judge(word, audiences) : new TokenVerdict(KubeUser.Anonymous, [], "");
        if (verdict.User is not { } user)
            return new JsonObject { ["user"] = new JsonObject(), ["error"] = verdict.Error };

        var described = new JsonObject { ["username"] = user.Name };
        if (user.Uid.Length > 0)
            described["uid"] = user.Uid;

        described["groups"] = JsonText.Array(user.Groups);
        return new JsonObject { ["authenticated"] = true, ["user"] = described, ["audiences"] = JsonText.Array(verdict.Audiences) };
    }

    public JsonObject ReviewAccess(JsonObject spec)
    {
        CheckQuestion(spec);
        if (spec.Text("user") is null && spec["groups"] is null)
            throw Unfit(FieldError.Invalid("spec.user", "", "at least one of user or group must be specified"));

        return Judge(new KubeUser(spec.Text("user") ?? "", spec.Text("uid") ?? "", [.. spec.Texts("groups")]), spec);
    }

    public JsonObject ReviewOwnAccess(KubeUser user, JsonObject spec)
    {
        CheckQuestion(spec);
        return Judge(user, spec);
    }

    public JsonObject ReviewOwnRules(KubeUser user, JsonObject spec)
    {
        string place = spec.Text("namespace") ?? throw KubeStatusException.BadRequest("no namespace on request");
        ILookup<bool, JsonObject> rules = authorizer.RulesFor(user, place).ToLookup(rule => rule["nonResourceURLs"] is null);
        // As kube-apiserver answers: the question is not repeated.
        spec.Clear();
        return new JsonObject
        {
            ["resourceRules"] = new JsonArray([.. rules[true].Select(rule => rule.DeepClone())]),
            ["nonResourceRules"] = new JsonArray([.. rules[false].Select(rule => rule.DeepClone())]),
            ["incomplete"] = false,
        };
    }

    private static void CheckQuestion(JsonObject spec)
    {
        bool hasResource = spec["resourceAttributes"] is not null;
        bool hasPath = spec["nonResourceAttributes"] is not null;
        if (hasResource && hasPath)
            throw Unfit(FieldError.Invalid("spec.nonResourceAttributes", "", "cannot be specified in combination with resourceAttributes"));

        if (!hasResource && !hasPath)
        {
            throw Unfit(FieldError.Invalid(
                "spec.resourceAttributes", "null", "exactly one of nonResourceAttributes or resourceAttributes must be specified"));
        }
    }

    private JsonObject Judge(KubeUser user, JsonObject spec)
    {
        string? reason = authorizer.Find(user, AccessRequest.Of(spec));
        var status = new JsonObject { ["allowed"] = reason is not null };
        if (!string.IsNullOrEmpty(reason))
            status["reason"] = reason;

        return status;
    }

    private static KubeStatusException Unfit(FieldError error) => KubeStatusException.Invalid(Group, "", "", [error]);
}
