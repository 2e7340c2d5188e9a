using System.Globalization;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Output;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Selectors;
using DynamicToolset.Sandbox.Storage;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox.Http;

/// <summary>
/// Watches: one JSON object a line, until the time is up (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).
/// </summary>
internal sealed class WatchRequests(KubeStore store, ApiServerOptions options)
{
    public async Task AnswerAsync(ApiRequest request, KubeResource resource)
    {
        CheckInitialEvents(request);
        ObjectFilter filter = request.Filter(resource);
        var format = new EventFormat(resource, request.Format, request.IncludeObject, options.Time);
        StoreWatch watch;
        try
        {
            watch = Begin(resource, request);
        }
        catch (KubeStatusException error) when (error.Code == 410 && options.ExpiredWatchForm == ExpiredWatchForm.ErrorEvent)
        {
            await StartAsync(request.Context);
            await WriteAsync(request.Context, new JsonObject { ["type"] = "ERROR", ["object"] = error.ToStatus() });
            return;
        }

        using (watch)
            await StreamAsync(request, watch, filter, format);
    }

    private static async Task WriteAsync(HttpContext context, JsonObject line)
    {
        await context.Response.Body.WriteAsync(JsonText.Write(line), context.RequestAborted);
        await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static async Task StartAsync(HttpContext context)
    {
        context.Response.ContentType = Responses.Json;
        // The client learns that the watch stands before anything happens.
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private StoreWatch Begin(KubeResource resource, ApiRequest request) => request.WantsInitialEvents
        ? store.WatchFromStart(resource, markEnd: request.AllowsBookmarks)
        : store.WatchFrom(resource, request.Text("resourceVersion") ?? "");

    private async Task StreamAsync(ApiRequest request, StoreWatch watch, ObjectFilter filter, EventFormat format)
    {
        HttpContext context = request.Context;
        await StartAsync(context);
        using var timeout = new CancellationTokenSource(request.Timeout ?? options.WatchTimeout, options.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        await using ITimer? bookmarks = request.AllowsBookmarks
            ? options.Time.CreateTimer(_ => store.Bookmark(watch), null, options.BookmarkInterval, options.BookmarkInterval)
            : null;
        try
        {
            while (await watch.ReadAsync(end.Token) is { } change)
            {
                if (format.Write(change, filter) is { } line)
                    await WriteAsync(context, line);
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            // The time is up: the answer ends in order.
        }

        if (watch.IsAborted)
            context.Abort();
    }

    private void CheckInitialEvents(ApiRequest request)
    {
        const string kind = "ListOptions";
        if (request.VersionMatch.Length > 0 && (!options.StreamingLists || !request.HasInitialEvents))
        {
            throw KubeStatusException.InvalidOptions(
                kind, FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
        }

        if (!request.HasInitialEvents)
            return;

        if (!options.StreamingLists)
        {
            throw KubeStatusException.InvalidOptions(
                kind, FieldError.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled"));
        }

        if (request.VersionMatch != "NotOlderThan")
        {
            throw KubeStatusException.InvalidOptions(
                kind, FieldError.Forbidden("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
        }
    }

    /// <summary>Events as one client asked for them.</summary>
    private sealed class EventFormat(KubeResource resource, AcceptedFormat format, string includeObject, TimeProvider time)
    {
        private bool _hasColumns;

        /// <summary>The line for an event; null where the client's selection is not concerned.</summary>
        public JsonObject? Write(StoreEvent change, ObjectFilter filter)
        {
            if (change.Object is null)
                return Line("BOOKMARK", Bookmark(change));

            return change.SeenThrough(filter) is { } seen ? Line(seen.Type.ToString().ToUpperInvariant(), Convert(seen.Object.Read())) : null;
        }

        private static JsonObject Line(string type, JsonObject value) => new() { ["type"] = type, ["object"] = value };

        private JsonObject Bookmark(StoreEvent change)
        {
            var metadata = new JsonObject
            {
                ["resourceVersion"] = change.Version.ToString(CultureInfo.InvariantCulture),
                ["creationTimestamp"] = null,
            };
            if (change.Type == StoreEventType.InitialEventsEnd)
                metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };

            var bookmark = new JsonObject { ["kind"] = resource.Kind, ["apiVersion"] = resource.ApiVersion, ["metadata"] = metadata };
            return format == AcceptedFormat.Json ? bookmark : Convert(bookmark);
        }

        private JsonObject Convert(JsonObject value)
        {
            switch (format)
            {
                case AcceptedFormat.PartialObjectMetadata:
                    return PartialMetadata.Of(value);
                case AcceptedFormat.Table:
                    var metadata = new JsonObject { ["resourceVersion"] = value.Child("metadata").Text("resourceVersion") };
                    JsonObject table = TableFormat.Of(resource, [value], metadata, time.GetUtcNow(), includeObject);
                    if (_hasColumns)
                        table["columnDefinitions"] = null;

                    _hasColumns = true;
                    return table;
                default:
                    return value;
            }
        }
    }
}
