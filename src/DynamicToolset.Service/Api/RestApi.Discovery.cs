using System.Text.Json;
using DynamicToolset.Service.Access;
using DynamicToolset.Service.Discoveries;
using DynamicToolset.Service.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DynamicToolset.Service.Api;

/// <content>Discoveries: the leader runs them, and a follower sends the request on.</content>
internal static partial class RestApi
{
    private const string Discover = $"{Root}/discover";

    private const string AboutDiscovery =
        "Evaluates all Services, as every DISCOVERY_INTERVAL; with force it first lists all Services and the ConfigMap again and checks every "
        + "endpoint. namespaces and serviceTypes limit only the result, not the evaluation. Only one runs at a time: a second request joins it, "
        + "and the result then covers both. The same operation is at "
        + $"{Root}/services/discover. A follower forwards the request to the leader, once.";

    private static void MapDiscovery(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Discover, DiscoverAsync).DescribeDiscovery().WithName("Discover");
        routes.MapPost($"{Root}/services/discover", DiscoverAsync).DescribeDiscovery().ExcludeFromDescription();
        routes.MapMethods($"{Discover}/{{jobId}}", Reading, GetDiscoveryAsync)
            .Describe<DiscoveryDocument>(
                "GetDiscovery", "The state and the result of a requested discovery. Kept for an hour.", new RequiredRight("get", "discoveries"))
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static RouteHandlerBuilder DescribeDiscovery(this RouteHandlerBuilder route) => route
        .WithSummary("Evaluates everything again.")
        .WithDescription(AboutDiscovery)
        .WithMetadata(new RequiredRight("create", "discoveries"))
        .Accepts<DiscoveryRequest>(isOptional: true, "application/json")
        .Produces<DiscoveryAccepted>(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblems();

    private static async Task<IResult> DiscoverAsync(HttpContext http, ApiViews views, DiscoveryJobs jobs, LeaderLink leader)
    {
        if (Question.Of(http).Problem is { } misasked)
            return misasked;
        if (views.Current is not { } view)
            return NotReady(http);
        (DiscoveryRequest? request, IResult? problem) = await DiscoveryBody.ReadAsync(http, [.. view.Types]);
        if (request is null || problem is not null)
            return problem!;
        if (!leader.Leads)
            return await LeaderForwarding.ForwardAsync(http, leader, leader.Other, Discover, BytesOf(request));
        var scope = DiscoveryScope.Of(request.Namespaces ?? [], request.ServiceTypes ?? []);
        return jobs.Request(request.Force == true, scope, view.State, CorrelationId.Of(http)) is { } accepted
            ? Accepted(http, accepted)
            : LeaderForwarding.Unavailable(http, "stopping", "this replica is stopping: try again");
    }

    private static async Task<IResult> GetDiscoveryAsync(HttpContext http, DiscoveryJobs jobs, LeaderLink leader, string jobId)
    {
        if (Question.Of(http).Problem is { } misasked)
            return misasked;
        if (jobs.Find(jobId) is { } job)
            return Answer.Of(DiscoveryDocument.Of(job), ApiJson.Default.DiscoveryDocument);
        string? replica = DiscoveryJob.ReplicaOf(jobId);
        if (replica is null || replica == jobs.Replica)
            return NotFound("there is no discovery with this id; they are kept for an hour, and lost when their replica stops");
        return leader.Other is { } other && other.Replica == replica && !LeaderForwarding.IsForwarded(http)
            ? await LeaderForwarding.ForwardAsync(http, leader, other, $"{Discover}/{Uri.EscapeDataString(jobId)}")
            : NotFound("the replica that ran this discovery is gone or no longer leads; start a new one");
    }

    private static byte[] BytesOf(DiscoveryRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.DiscoveryRequest);

    private static IResult Accepted(HttpContext http, DiscoveryAcceptance accepted)
    {
        DiscoveryJob job = accepted.Job;
        http.Response.Headers.Location = $"{Discover}/{Uri.EscapeDataString(job.Id)}";
        var document = new DiscoveryAccepted(MessageOf(accepted), job.Id, job.EstimatedCompletion);
        return Results.Json(document, ApiJson.Default.DiscoveryAccepted, statusCode: StatusCodes.Status202Accepted);
    }

    private static string MessageOf(DiscoveryAcceptance accepted)
    {
        if (!accepted.HasJoined)
            return "discovery started";
        string forced = accepted.IsForcedNow ? "; it now also lists and checks everything" : "";
        string widened = accepted.IsWidened ? "; its result covers both requests" : "";
        return $"joined the discovery that began at {Rfc3339Time.Of(accepted.Job.RequestedAt)}{forced}{widened}";
    }
}
