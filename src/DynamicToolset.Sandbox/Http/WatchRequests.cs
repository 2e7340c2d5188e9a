using System.Globalization;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Output;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Selectors;
using DynamicToolset.Sandbox.Storage;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox.Http;

/// <summary>Watches: one JSON object a line, until the time is up (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).</summary>
internal sealed class WatchRequests(KubeStore store, KubeSimOptions options)
{
    public async Task AnswerAsync(HttpContext context, KubeResource resource, ResourcePath path)
    {
        var query = new RequestQuery(context.Request);
        CheckInitialEvents(query);
        ObjectFilter filter = query.Filter(resource, path);
        var format = new EventFormat(resource, Accept.Parse(context.Request.Headers.Accept), query.IncludeObject, options.Time);
        StoreWatch watch;
        try
        {
            watch = Begin(resource, query);
        }
        catch (ExpiredVersionException error)
        {
            await RefuseExpiredAsync(context, KubeStatusException.Expired(error.Message));
            return;
        }

        using (watch)
        {
            await StreamAsync(context, watch, filter, format, query);
        }
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

    private StoreWatch Begin(KubeResource resource, RequestQuery query) => query.WantsInitialEvents || query.Version is null
        ? store.WatchFromStart(resource, query.WantsInitialEvents && query.AllowsBookmarks)
        : store.WatchFrom(resource, query.Version.Value);

    private async Task StreamAsync(HttpContext context, StoreWatch watch, ObjectFilter filter, EventFormat format, RequestQuery query)
    {
        await StartAsync(context);
        using var timeout = new CancellationTokenSource(query.Timeout ?? options.WatchTimeout, options.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        await using ITimer? bookmarks = query.AllowsBookmarks
            ? options.Time.CreateTimer(_ => store.Bookmark(watch), null, options.BookmarkInterval, options.BookmarkInterval)
            : null;
        try
        {
            await foreach (StoreEvent change in watch.ReadAllAsync(end.Token))
            {
                if (format.Write(change, filter) is { } line)
                {
                    await WriteAsync(context, line);
                }
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            // The time is up: the answer ends in order.
        }

        if (watch.IsAborted)
        {
            context.Abort();
        }
    }

    private async Task RefuseExpiredAsync(HttpContext context, KubeStatusException expired)
    {
        if (options.ExpiredWatchForm == ExpiredWatchForm.HttpStatus)
        {
            throw expired;
        }

        await StartAsync(context);
        await WriteAsync(context, new JsonObject { ["type"] = "ERROR", ["object"] = expired.ToStatus() });
    }

    private void CheckInitialEvents(RequestQuery query)
    {
        const string kind = "ListOptions";
        if (query.VersionMatch.Length > 0 && (!options.StreamingLists || !query.HasInitialEvents))
        {
            throw KubeStatusException.InvalidOptions(
                kind, FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
        }

        if (!query.HasInitialEvents)
        {
            return;
        }

        if (!options.StreamingLists)
        {
            throw KubeStatusException.InvalidOptions(
                kind, FieldError.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled"));
        }

        if (query.VersionMatch != "NotOlderThan")
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
            if (change.Object is not { } value)
            {
                return Line("BOOKMARK", Bookmark(change));
            }

            bool matches = change.Type != StoreEventType.Deleted && filter.Matches(value);
            bool matched = change.Previous is not null && filter.Matches(change.Previous);
            return (matched, matches) switch
            {
                (false, true) => Line("ADDED", Convert(value.Read())),
                (true, true) => Line("MODIFIED", Convert(value.Read())),
                (true, false) => Line("DELETED", Convert(Last(change))),
                _ => null,
            };
        }

        private static JsonObject Line(string type, JsonObject value) => new() { ["type"] = type, ["object"] = value };

        /// <summary>What the client knew of the object, under the version in which it left the selection.</summary>
        private static JsonObject Last(StoreEvent change)
        {
            JsonObject value = change.Previous!.Read();
            value.ChildOrNew("metadata")["resourceVersion"] = change.Version.ToString(CultureInfo.InvariantCulture);
            return value;
        }

        private JsonObject Bookmark(StoreEvent change)
        {
            var metadata = new JsonObject
            {
                ["resourceVersion"] = change.Version.ToString(CultureInfo.InvariantCulture),
                ["creationTimestamp"] = null,
            };
            if (change.Type == StoreEventType.InitialEventsEnd)
            {
                metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
            }

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
                    {
                        table["columnDefinitions"] = null;
                    }

                    _hasColumns = true;
                    return table;
                default:
                    return value;
            }
        }
    }
}
