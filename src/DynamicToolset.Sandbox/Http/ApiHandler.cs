using DynamicToolset.Sandbox.Access;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Storage;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox.Http;

/// <summary>Answers every request: health, then who asks and whether they may, discovery, and the resources.</summary>
internal sealed class ApiHandler(KubeStore store, RequestLog requests, FaultPlan faults, ApiServerOptions options, BearerTokens tokens, AccessReviews reviews)
{
    private readonly RoleAuthorizer _authorizer = new(store);
    private readonly ResourceRequests _resources = new(store, options);
    private readonly ServiceProxy _proxy = new(store, options);
    private readonly ReviewRequests _reviews = new(tokens, reviews);

    public async Task HandleAsync(HttpContext context)
    {
        var request = new ApiRequest(context);
        context.Response.OnStarting(() =>
        {
            requests.Add(Describe(request));
            return Task.CompletedTask;
        });
        if (options.Intercept is not null && await options.Intercept(context))
            return;

        try
        {
            if (!await FaultyRequest.BefallAsync(context, faults.Next(request.Verb, request.Path.Plural), options.Time))
                await AnswerAsync(request);
        }
        catch (BrokenAnswerException)
        {
            // As planned; what was sent is all there is.
        }
        catch (KubeStatusException error)
        {
            await WriteStatusAsync(context, error);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; there is nobody to answer.
        }
    }

    private static async Task WriteStatusAsync(HttpContext context, KubeStatusException error)
    {
        try
        {
            await Responses.WriteStatusAsync(context, error);
        }
        catch (BrokenAnswerException)
        {
            // A refusal can be lost on its way like any answer.
        }
    }

    private async Task AnswerAsync(ApiRequest request)
    {
        HttpContext context = request.Context;
        if (context.Request.Path.Value is "/healthz" or "/livez" or "/readyz")
        {
            await Responses.WriteTextAsync(context, "ok");
            return;
        }

        request.User = Impersonation.Become(context.Request, Authenticate(context.Request), _authorizer);
        _authorizer.Demand(request.User, request.Access);
        if (!request.Path.NamesResource)
        {
            await DiscoveryRequests.AnswerAsync(context);
            return;
        }

        await (_reviews.Answer(request) ?? _proxy.Answer(request) ?? _resources.AnswerAsync(request, Require(request.Path)));
    }

    private KubeUser Authenticate(HttpRequest request)
    {
        if (BearerTokens.In(request.Headers.Authorization.ToString()) is not { } token)
            return KubeUser.Anonymous;

        return tokens.Judge(token, [BearerTokens.ApiAudience]).User ?? throw new KubeStatusException(401, "Unauthorized", "Unauthorized");
    }

    private static KubeResource Require(ResourcePath path)
    {
        KubeResource? resource = path.Version == "v1" ? KubeResource.Find(path.Group, path.Plural) : null;
        if (resource is null || path.Subresource.Length > 0)
        {
            string group = path.Group.Length == 0 ? "core" : path.Group;
            string subresource = path.Subresource.Length == 0 ? "" : $"/{path.Subresource}";
            throw KubeStatusException.NotSimulated($"{path.Plural}{subresource} of {group}/{path.Version}");
        }

        return resource;
    }

    private static LoggedRequest Describe(ApiRequest request)
    {
        HttpRequest http = request.Context.Request;
        return new LoggedRequest(
            request.Verb,
            request.Path.Plural,
            http.Method,
            http.Path + http.QueryString,
            http.ContentType ?? "",
            http.Headers.UserAgent.ToString(),
            request.BodySize,
            request.Context.Response.StatusCode);
    }
}
