using System.Text.Json.Nodes;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>A request that the API server refuses, with the Status that it answers (kubernetes.io, reference of <c>meta/v1 Status</c>).</summary>
public sealed class KubeStatusException : Exception
{
    private readonly JsonObject _details;

    internal KubeStatusException(int code, string reason, string message, JsonObject? details = null)
        : base(message)
    {
        Code = code;
        Reason = reason;
        _details = details ?? [];
    }

    /// <summary>The HTTP status.</summary>
    public int Code { get; }

    /// <summary>For example <c>NotFound</c>; empty where the API gives none.</summary>
    public string Reason { get; }

    internal string? ContinueToken { get; private init; }

    /// <summary>The v1.Status object.</summary>
    public JsonObject ToStatus()
    {
        var metadata = new JsonObject();
        if (ContinueToken is not null)
            metadata["continue"] = ContinueToken;

        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = metadata,
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason.Length > 0)
            status["reason"] = Reason;

        if (_details.Count > 0)
            status["details"] = _details.DeepClone();

        status["code"] = Code;
        return status;
    }

    internal static KubeStatusException NotFound(KubeResource resource, string name) =>
        NotFound(resource.Group, resource.Plural, name);

    internal static KubeStatusException NotFound(string group, string plural, string name)
    {
        string qualified = group.Length == 0 ? plural : $"{plural}.{group}";
        return new(404, "NotFound", $"{qualified} \"{name}\" not found", Details(group, plural, name));
    }

    internal static KubeStatusException NoSuchPath() => new(404, "NotFound", "the server could not find the requested resource");

    internal static KubeStatusException AlreadyExists(KubeResource resource, string name) =>
        new(409, "AlreadyExists", $"{resource} \"{name}\" already exists", Details(resource.Group, resource.Plural, name));

    internal static KubeStatusException Conflict(KubeResource resource, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {resource} \"{name}\": {why}", Details(resource.Group, resource.Plural, name));

    internal static KubeStatusException Modified(KubeResource resource, string name) =>
        Conflict(resource, name, "the object has been modified; please apply your changes to the latest version and try again");

    internal static KubeStatusException BadRequest(string message) => new(400, "BadRequest", message);

    internal static KubeStatusException TooLarge(int limit) =>
        new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {limit}");

    internal static KubeStatusException Internal(string message) => new(500, "", message);

    internal static KubeStatusException Unavailable(string message) => new(503, "ServiceUnavailable", message);

    internal static KubeStatusException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");

    internal static KubeStatusException NotSimulated(string what) =>
        new(501, "NotImplemented", $"the sandbox does not simulate {what}: it knows {string.Join(", ", KubeResource.All.Select(resource => resource.Plural).Order(StringComparer.Ordinal))}");

    internal static KubeStatusException Forbidden(KubeResource resource, string name, string why) =>
        Forbidden(resource.Group, resource.Plural, name, why);

    internal static KubeStatusException Forbidden(string group, string plural, string name, string why)
    {
        string qualified = group.Length == 0 ? plural : $"{plural}.{group}";
        return new(403, "Forbidden", $"{qualified}{(name.Length == 0 ? "" : $" \"{name}\"")} is forbidden: {why}", Details(group, plural, name));
    }

    internal static KubeStatusException Expired(string message, string? continueToken = null) =>
        new(410, "Expired", message) { ContinueToken = continueToken };

    internal static KubeStatusException VersionTooLarge(long asked, long current) => new(
        504,
        "Timeout",
        $"Timeout: Too large resource version: {asked}, current: {current}",
        new JsonObject
        {
            ["causes"] = new JsonArray(Cause(new FieldError("", "ResourceVersionTooLarge", "Too large resource version"))),
            ["retryAfterSeconds"] = 1,
        });

    /// <summary>An object that breaks rules: all of them are named.</summary>
    internal static KubeStatusException Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        string list = string.Join(", ", errors.Select(error => error.Display).Distinct());
        string qualified = group.Length == 0 ? kind : $"{kind}.{group}";
        JsonObject details = Details(group, kind, name);
        details["causes"] = new JsonArray([.. errors.Select(Cause)]);
        return new(422, "Invalid", $"{qualified} \"{name}\" is invalid: {(errors.Count > 1 ? $"[{list}]" : list)}", details);
    }

    /// <summary>Query parameters or an options body that break rules.</summary>
    internal static KubeStatusException InvalidOptions(string kind, params FieldError[] errors) => Invalid("meta.k8s.io", kind, "", errors);

    internal static KubeStatusException ApplyConflict(string message, IEnumerable<FieldError> causes) =>
        new(409, "Conflict", message, new JsonObject { ["causes"] = new JsonArray([.. causes.Select(Cause)]) });

    private static JsonObject Details(string group, string kind, string name)
    {
        var details = new JsonObject();
        if (name.Length > 0)
            details["name"] = name;

        if (group.Length > 0)
            details["group"] = group;

        if (kind.Length > 0)
            details["kind"] = kind;

        return details;
    }

    private static JsonObject Cause(FieldError error)
    {
        var cause = new JsonObject { ["reason"] = error.Reason, ["message"] = error.Message };
        if (error.Path.Length > 0)
            cause["field"] = error.Path;

        return cause;
    }
}
