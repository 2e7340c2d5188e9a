using DynamicToolset.Cluster;
using DynamicToolset.Service.Access;
using DynamicToolset.Service.Explaining;
using DynamicToolset.Service.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DynamicToolset.Service.Api;

/// <summary>The REST API: what there is to ask, and by which right.</summary>
internal static partial class RestApi
{
    private const string Root = "/api/v1";
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapRestApi(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods($"{Root}/toolsets", Reading, ListToolsets)
            .Describe<ToolsetList>("ListToolsets", "The toolsets in the ConfigMap.", new RequiredRight("list", "toolsets"));
        routes.MapMethods($"{Root}/toolsets/{{name}}", Reading, GetToolset)
            .Describe<ToolsetDocument>("GetToolset", "One toolset, with its last checks.", new RequiredRight("get", "toolsets"))
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapMethods($"{Root}/services", Reading, ListServices)
            .Describe<ServiceList>("ListServices", "The Services that are detected, healthy or not.", new RequiredRight("list", "services") { NamespaceFrom = "namespace" });
        routes.MapMethods($"{Root}/services/explain", Reading, ExplainServices)
            .Describe<ExplainedServices>(
                "ExplainServices", "Why Services were detected or not: those that are a backend, or nearly are, at most 1,000.", new RequiredRight("list", "services"));
        routes.MapMethods($"{Root}/services/{{namespace}}/{{name}}/explain", Reading, ExplainService)
            .Describe<ExplainedServices>(
                "ExplainService", "Why one Service was detected or not.", new RequiredRight("get", "services") { NamespaceFrom = "namespace" })
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapMethods($"{Root}/status", Reading, GetStatus)
            .Describe<StatusDocument>("GetStatus", "The leader, the last write, and problems.", new RequiredRight("get", "status"));
        MapDiscovery(routes);
    }

    private static RouteHandlerBuilder Describe<T>(this RouteHandlerBuilder route, string name, string summary, RequiredRight right) => route
        .WithName(name)
        .WithSummary(summary)
        .WithMetadata(right)
        .Produces<T>()
        .ProducesProblems();

    /// <summary>Those of every route.</summary>
    private static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder route) => route
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    /// <param name="enabled">Only those that are enabled, or are not.</param>
    /// <param name="healthy">Only toolsets whose backend is, or is not, healthy; those that are not checked are neither.</param>
    private static IResult ListToolsets(HttpContext http, ApiViews views, string? enabled, string? healthy)
    {
        var question = Question.Of(http, nameof(enabled), nameof(healthy));
        bool? wantsEnabled = question.Flag(nameof(enabled)), wantsHealthy = question.Flag(nameof(healthy));
        return question.Problem ?? Ask(http, views, view => view.Toolsets(wantsEnabled, wantsHealthy));
    }

    /// <param name="name">Of the toolset, as in the key of the ConfigMap.</param>
    private static IResult GetToolset(HttpContext http, ApiViews views, string name) =>
        Question.Of(http).Problem ?? Ask(http, views, view => view.Toolset(name) ?? NotFound($"there is no toolset of this name; {Root}/toolsets lists them"));

    /// <param name="namespace">Only those of this namespace, for which a right there is enough.</param>
    /// <param name="type">Only those of this type: a built-in one such as prometheus, custom, or the type of a rule of your own.</param>
    private static IResult ListServices(HttpContext http, ApiViews views, string? @namespace, string? type)
    {
        var question = Question.Of(http, nameof(@namespace), nameof(type));
        string? ns = question.Label(nameof(@namespace));
        return question.Problem ?? Ask(http, views, view =>
        {
            string? wanted = question.OneOf(nameof(type), view.Types);
            return question.Problem ?? view.Services(ns, wanted);
        });
    }

    private static IResult ExplainServices(HttpContext http, ApiViews views) => Question.Of(http).Problem ?? Ask(http, views, view => view.Explanations());

    private static IResult ExplainService(HttpContext http, ApiViews views, string @namespace, string name) => Question.Of(http).Problem
        ?? Ask(http, views, view => view.Explanation(new ObjectKey(@namespace, name)) ?? NotFound("there is no such Service, or its namespace is not in NAMESPACES"));

    private static IResult GetStatus(HttpContext http, ApiViews views, StatusReader status) =>
        Question.Of(http).Problem ?? (views.Current is { } view ? status.Read(view) : NotReady(http, status.WhyNotReady));

    /// <summary>Before the first round there is no data, and an empty answer would look like an empty cluster.</summary>
    private static IResult Ask(HttpContext http, ApiViews views, Func<ApiView, IResult> answer) =>
        views.Current is { } view ? answer(view) : NotReady(http);

    /// <param name="why">Null where that is for <c>/readyz</c> to say.</param>
    private static IResult NotReady(HttpContext http, string? why = null)
    {
        http.Response.Headers.RetryAfter = "1";
        return ProblemAnswer.Of(
            StatusCodes.Status503ServiceUnavailable, "notReady", $"the cluster has not been read yet{(why is null ? "; /readyz says what is missing" : $": {why}")}");
    }

    private static IResult NotFound(string detail) => ProblemAnswer.Of(StatusCodes.Status404NotFound, "notFound", detail);
}
