using System.Globalization;
using DynamicToolset.Sandbox.Access;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Selectors;
using DynamicToolset.Sandbox.Storage;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox.Http;

/// <summary>A request in the words of the API. Its query parameters are checked as the API server checks them.</summary>
internal sealed class ApiRequest(HttpContext context)
{
    private readonly HttpRequest _request = context.Request;

    public HttpContext Context => context;

    public ResourcePath Path { get; } = ResourcePath.Parse(context.Request.Path.Value ?? "");

    /// <summary>Who asks, once that is known.</summary>
    public KubeUser User { get; set; } = KubeUser.Anonymous;

    /// <summary>In bytes, as far as it has been read.</summary>
    public long BodySize { get; private set; }

    /// <summary>The verb as RBAC names it; for a path that names no resource the method in lower case.</summary>
    public string Verb => _request.Method switch
    {
        _ when !Path.NamesResource => _request.Method.ToLowerInvariant(),
        "GET" when Path.Name.Length == 0 && IsTrue("watch") => "watch",
        "GET" => Path.Name.Length > 0 ? "get" : "list",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => Path.Name.Length > 0 ? "delete" : "deletecollection",
        _ => _request.Method.ToLowerInvariant(),
    };

    /// <summary>The right that it takes.</summary>
    public AccessRequest Access
    {
        get
        {
            if (!Path.NamesResource)
                return new AccessRequest(Verb, "", "", "", "", "", _request.Path.Value ?? "/");
            // A list of the one object of a name is allowed by a rule that names it.
            string name = Verb is "list" or "watch" ? SelectedName : Path.Name;
            string place = Path is { Plural: "namespaces", Group: "" } ? Path.Name : Path.Namespace;
            return new AccessRequest(Verb, Path.Group, Path.Plural, Path.Subresource, place, name, "");
        }
    }

    public AcceptedFormat Format => Accept.Parse(_request.Headers.Accept);

    public bool AllowsBookmarks => IsTrue("allowWatchBookmarks");

    public bool WantsInitialEvents => IsTrue("sendInitialEvents");

    public bool HasInitialEvents => Text("sendInitialEvents") is not null;

    public string VersionMatch => Text("resourceVersionMatch") ?? "";

    /// <summary>Null for the newest: neither empty nor 0 asks for a certain version.</summary>
    public long? Version => KubeStore.ParseVersion(Text("resourceVersion") ?? "");

    /// <summary>The name that a field selector asks for; else empty.</summary>
    private string SelectedName
    {
        get
        {
            const string name = "metadata.name=";
            string? term = (Text("fieldSelector") ?? "").Split(',').FirstOrDefault(term => term.StartsWith(name, StringComparison.Ordinal));
            return term?[name.Length..].TrimStart('=') ?? "";
        }
    }

    public TimeSpan? Timeout => Number("timeoutSeconds") is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>Of the rows of a table: Metadata, Object or None.</summary>
    public string IncludeObject => Text("includeObject") ?? "Metadata";

    public bool IsForced => IsTrue("force");

    public bool HasForce => Text("force") is not null;

    public async Task<RequestBody> ReadBodyAsync()
    {
        RequestBody body = await RequestBody.ReadAsync(_request, context.RequestAborted);
        BodySize = body.Bytes.Length;
        return body;
    }

    public ObjectFilter Filter(KubeResource resource)
    {
        var fields = FieldSelector.Parse(Text("fieldSelector") ?? "", resource.Rules);
        return new ObjectFilter(Path.Namespace, LabelSelector.Parse(Text("labelSelector") ?? ""), fields);
    }

    public ListRequest List(KubeResource resource)
    {
        CheckVersionMatch();
        return new ListRequest(
            Filter(resource),
            (int)Math.Clamp(Number("limit") ?? 0, 0, int.MaxValue),
            Text("continue"),
            Version,
            VersionMatch == "Exact");
    }

    public bool IsDryRun(string optionsKind)
    {
        string[] values = [.. _request.Query["dryRun"].OfType<string>().Where(value => value.Length > 0)];
        return values switch
        {
            [] => false,
            ["All"] => true,
            _ => throw KubeStatusException.InvalidOptions(optionsKind, FieldError.Unsupported("dryRun", values[0], "All")),
        };
    }

    /// <summary>Who writes: the <c>fieldManager</c> parameter, else the first word of the user agent.</summary>
    public WriteOptions Write(string optionsKind)
    {
        string agent = _request.Headers.UserAgent.ToString();
        string manager = Text("fieldManager") ?? (agent.Length > 0 ? agent.Split('/')[0] : "unknown");
        if (manager.Length > 128)
            throw KubeStatusException.InvalidOptions(optionsKind, FieldError.TooLong("fieldManager", 128));

        return new WriteOptions(manager, IsDryRun(optionsKind), ReadFieldValidation(optionsKind));
    }

    public string? Text(string name) => _request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    private FieldValidation ReadFieldValidation(string optionsKind) => Text("fieldValidation") switch
    {
        null or "Ignore" => FieldValidation.Ignore,
        "Warn" => FieldValidation.Warn,
        "Strict" => FieldValidation.Strict,
        { } other => throw KubeStatusException.InvalidOptions(optionsKind, FieldError.Unsupported("fieldValidation", other, "Ignore", "Warn", "Strict")),
    };

    private void CheckVersionMatch()
    {
        bool hasVersion = Text("resourceVersion") is not null;
        FieldError? error = VersionMatch switch
        {
            "" => null,
            "Exact" or "NotOlderThan" when !hasVersion =>
                FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided"),
            "Exact" when Version is null =>
                FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""),
            "Exact" or "NotOlderThan" => null,
            { } other => FieldError.Unsupported("resourceVersionMatch", other, "Exact", "NotOlderThan", ""),
        };
        if (error is not null)
            throw KubeStatusException.InvalidOptions("ListOptions", error);
    }

    private bool IsTrue(string name) => Text(name) is "true" or "1" or "True" or "TRUE" or "t" or "T";

    private long? Number(string name)
    {
        if (Text(name) is not { } text)
            return null;

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw KubeStatusException.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
    }
}
