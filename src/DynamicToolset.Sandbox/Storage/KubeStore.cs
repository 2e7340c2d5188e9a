using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Patching;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Selectors;

namespace DynamicToolset.Sandbox.Storage;

/// <summary>
/// The objects of the simulated API server, with its rules for reading, writing and watching them. Every call is one atomic step;
/// objects go in and out by value. Safe for concurrent use.
/// </summary>
public sealed class KubeStore
{
    /// <summary>The bytes that the body of a request may have.</summary>
    internal const int LargestBody = 3 * 1024 * 1024;

    private static readonly ImmutableArray<string> ProtectedNamespaces = ["default", "kube-public", "kube-system"];
    private static readonly WriteOptions FromCode = new("sandbox");
    private readonly Lock _gate = new();
    private readonly ObjectHistory _history;
    private readonly ObjectWriter _writer;

    public KubeStore(int historyLimit, TimeProvider time, Random random)
    {
        _history = new ObjectHistory(historyLimit);
        _writer = new ObjectWriter(_history, time, random);
        foreach (string name in ProtectedNamespaces)
            Create(KubeResource.Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
    }

    /// <summary>The resource version of the last change.</summary>
    public long Version
    {
        get
        {
            lock (_gate)
                return _history.Version;
        }
    }

    /// <summary>The object, or null. Namespaces have an empty <see cref="ObjectKey.Namespace"/>.</summary>
    public JsonObject? Get(KubeResource resource, ObjectKey key) => Find(resource, key) is { } found ? Export(found.Json.Span) : null;

    /// <summary>All objects of a resource, by namespace and name.</summary>
    public IReadOnlyList<JsonObject> List(KubeResource resource)
    {
        lock (_gate)
            return [.. _history.Objects(resource).Values.Select(value => Export(value.Json.Span))];
    }

    /// <summary>Creates an object as a POST would; a namespaced one without a namespace goes to <c>default</c>.</summary>
    /// <exception cref="KubeStatusException">The API server would refuse it.</exception>
    public JsonObject Create(KubeResource resource, JsonObject value)
    {
        string place = value.Child("metadata").Text("namespace") ?? (resource.IsNamespaced ? "default" : "");
        return Export(Create(resource, place, Import(value), FromCode));
    }

    /// <summary>Replaces an object as a PUT would: with a resource version in it only if that is still the stored one.</summary>
    /// <exception cref="KubeStatusException">The API server would refuse it.</exception>
    public JsonObject Replace(KubeResource resource, JsonObject value) =>
        Export(Replace(resource, resource.KeyOf(value), Import(value), FromCode).Object);

    /// <summary>Changes an object by a JSON merge patch (RFC 7396).</summary>
    /// <exception cref="KubeStatusException">The API server would refuse it.</exception>
    public JsonObject MergePatch(KubeResource resource, ObjectKey key, JsonObject patch) =>
        Export(Patch(resource, key, new PatchRequest(PatchType.Merge, Import(patch)), FromCode).Object);

    /// <exception cref="KubeStatusException">The object is not there, or may not be deleted.</exception>
    public void Delete(KubeResource resource, ObjectKey key) => Delete(resource, key, DeletePreconditions.None, dryRun: false);

    internal StoredObject? Find(KubeResource resource, ObjectKey key)
    {
        lock (_gate)
            return _history.Find(resource, key);
    }

    internal JsonObject Create(KubeResource resource, string place, JsonObject value, WriteOptions options)
    {
        lock (_gate)
            return _writer.Create(resource, place, value, options);
    }

    internal (JsonObject Object, bool Created) Replace(KubeResource resource, ObjectKey key, JsonObject value, WriteOptions options)
    {
        lock (_gate)
            return _writer.Replace(resource, key, value, options);
    }

    internal (JsonObject Object, bool Created) Patch(KubeResource resource, ObjectKey key, PatchRequest patch, WriteOptions options)
    {
        lock (_gate)
            return _writer.Patch(resource, key, patch, options);
    }

    /// <summary>The deleted object, and whether it is gone: one with finalizers stays until they are removed.</summary>
    internal (JsonObject Object, bool Gone) Delete(KubeResource resource, ObjectKey key, DeletePreconditions preconditions, bool dryRun)
    {
        if (resource == KubeResource.Namespaces && ProtectedNamespaces.Contains(key.Name))
            throw KubeStatusException.Forbidden(resource, key.Name, "this namespace may not be deleted");

        lock (_gate)
            return _writer.Delete(resource, key, preconditions, dryRun);
    }

    /// <summary>Deletes what the filter matches, and gives the list of it as it was before.</summary>
    internal ObjectPage DeleteCollection(KubeResource resource, ObjectFilter filter, bool dryRun)
    {
        lock (_gate)
        {
            ObjectPage page = ReadPage(resource, new ListRequest(filter));
            foreach (StoredObject value in page.Items)
                _writer.Delete(resource, value.Key, DeletePreconditions.None, dryRun);

            return page;
        }
    }

    internal ObjectPage List(KubeResource resource, ListRequest request)
    {
        lock (_gate)
            return ReadPage(resource, request);
    }

    /// <summary>The changes after a version; without one the present objects come first, as additions.</summary>
    /// <exception cref="KubeStatusException">410: the version has expired.</exception>
    internal StoreWatch WatchFrom(KubeResource resource, string version)
    {
        if (ParseVersion(version) is not { } after)
            return WatchFromStart(resource, markEnd: false);
        lock (_gate)
        {
            try
            {
                return _history.WatchFrom(resource, after, Forget);
            }
            catch (ExpiredVersionException error)
            {
                throw KubeStatusException.Expired(error.Message);
            }
        }
    }

    /// <summary>Null for the newest: neither empty nor 0 asks for a certain version.</summary>
    /// <exception cref="KubeStatusException">422: it is no version.</exception>
    internal static long? ParseVersion(string text)
    {
        if (text is "" or "0")
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version)
            ? version
            : throw KubeStatusException.InvalidOptions("ListOptions", FieldError.Invalid("resourceVersion", text, "must be a number"));
    }

    internal StoreWatch WatchFromStart(KubeResource resource, bool markEnd)
    {
        lock (_gate)
            return _history.WatchFromStart(resource, markEnd, Forget);
    }

    internal void Bookmark(StoreWatch watch)
    {
        lock (_gate)
            _history.Bookmark(watch);
    }

    internal void ExpireHistory()
    {
        lock (_gate)
            _history.Expire();
    }

    internal void EndWatches(bool abort)
    {
        lock (_gate)
            _history.EndWatches(abort);
    }

    /// <summary>As it would have come over the wire: a number in a tree made by hand may be of any type.</summary>
    private static JsonObject Import(JsonObject value) => JsonText.Read(JsonText.Write(value))!.AsObject();

    /// <summary>With numbers that can be read as any type that holds them.</summary>
    private static JsonObject Export(ReadOnlySpan<byte> json) => JsonNode.Parse(json)!.AsObject();

    private static JsonObject Export(JsonObject value) => Export(JsonText.Write(value));

    private void Forget(StoreWatch watch)
    {
        lock (_gate)
            _history.Forget(watch);
    }

    private ObjectPage ReadPage(KubeResource resource, ListRequest request)
    {
        if (request.Version > _history.Version)
            throw KubeStatusException.VersionTooLarge(request.Version.Value, _history.Version);

        ContinueToken? token = request.Continue is null ? null : ContinueToken.Decode(request.Continue);
        long version = token?.Version ?? (request.Exact ? request.Version!.Value : _history.Version);
        version = version == ContinueToken.NewestVersion ? _history.Version : version;
        IEnumerable<StoredObject> matching = ObjectsAt(resource, version, token).Values.Where(request.Filter.Matches);
        if (token is not null)
            matching = matching.Where(value => value.Key > token.After);

        List<StoredObject> rest = [.. matching];
        if (request.Limit <= 0 || rest.Count <= request.Limit)
            return new ObjectPage(rest, version, null, null);

        List<StoredObject> page = rest[..request.Limit];
        string next = new ContinueToken(version, page[^1].Key).Encode();
        return new ObjectPage(page, version, next, request.Filter.HasSelector ? null : rest.Count - page.Count);
    }

    private ImmutableSortedDictionary<ObjectKey, StoredObject> ObjectsAt(KubeResource resource, long version, ContinueToken? token)
    {
        try
        {
            return _history.ObjectsAt(resource, version);
        }
        catch (ExpiredVersionException error) when (token is null)
        {
            throw KubeStatusException.Expired($"The resourceVersion for the provided list is too old: {error.Message}");
        }
        catch (ExpiredVersionException)
        {
            throw KubeStatusException.Expired(
                "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue "
                + "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided "
                + "token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was "
                + "returned and now may show up in the list.",
                new ContinueToken(ContinueToken.NewestVersion, token!.After).Encode());
        }
    }
}
