using DynamicToolset.Sandbox.Access;
using DynamicToolset.Sandbox.Discovery;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Sandbox.Resources;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox.Http;

/// <summary>Answers every request: health, then who asks and whether they may, discovery, and the resources.</summary>
internal sealed class ApiHandler(KubeStore store, RequestLog requests, FaultPlan faults, KubeSimOptions options, BearerTokens tokens)
{
    private readonly RoleAuthorizer _authorizer = new(store);
    private readonly ResourceRequests _resources = new(store, options);
    private readonly ServiceProxy _proxy = new(store, options);
    private readonly ReviewRequests _reviews = new(tokens, new RoleAuthorizer(store));

    public async Task HandleAsync(HttpContext context)
    {
        ResourcePath? path = ResourcePath.Parse(context.Request.Path.Value ?? "");
        context.Response.OnStarting(() =>
        {
            requests.Add(Describe(context, path));
            return Task.CompletedTask;
        });
        if (options.Intercept is not null && await options.Intercept(context))
        {
            return;
        }

        try
        {
            string verb = path is null ? context.Request.Method.ToLowerInvariant() : ResourceRequests.VerbOf(context.Request, path);
            if (!await FaultyRequest.BefallAsync(context, faults.Next(verb, path?.Plural ?? ""), options.Time))
            {
                await AnswerAsync(context, path);
            }
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

    private async Task AnswerAsync(HttpContext context, ResourcePath? path)
    {
        if (context.Request.Path.Value is "/healthz" or "/livez" or "/readyz")
        {
            await Responses.WriteTextAsync(context, "ok");
            return;
        }

        KubeUser user = Impersonation.Become(context.Request, Authenticate(context.Request), _authorizer);
        _authorizer.Demand(user, AccessRequest.Of(context.Request, path));
        context.Features.Set(user);
        if (path is null)
        {
            await DiscoveryRequests.AnswerAsync(context);
            return;
        }

        if ((_reviews.Answer(context, user, path) ?? _proxy.Answer(context, path)) is { } answered)
        {
            await answered;
            return;
        }

        await _resources.AnswerAsync(context, Require(path), path);
    }

    private KubeUser Authenticate(HttpRequest request)
    {
        const string scheme = "Bearer ";
        string header = request.Headers.Authorization.ToString();
        string token = header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header[scheme.Length..].Trim() : "";
        if (token.Length == 0)
        {
            return KubeUser.Anonymous;
        }

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

    private static LoggedRequest Describe(HttpContext context, ResourcePath? path)
    {
        HttpRequest request = context.Request;
        return new LoggedRequest(
            path is null ? request.Method.ToLowerInvariant() : ResourceRequests.VerbOf(request, path),
            path?.Plural ?? "",
            request.Method,
            request.Path + request.QueryString,
            request.ContentType ?? "",
            request.Headers.UserAgent.ToString(),
            context.Items[typeof(RequestBody)] is long size ? size : 0,
            context.Response.StatusCode);
    }
}
