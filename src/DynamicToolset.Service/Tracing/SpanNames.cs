namespace DynamicToolset.Service.Tracing;

/// <summary>
/// What spans, their events and their attributes are called. Where OpenTelemetry has a name for it, that:
/// https://opentelemetry.io/docs/specs/semconv/registry/attributes/.
/// </summary>
internal static class SpanNames
{
    public const string Round = "round";
    public const string Detect = "detect";
    public const string Decide = "decide";
    public const string Write = "write";
    public const string Check = "check";

    public const string EventSeen = "event seen";

    /// <summary>Of a round: the kind of its step. Of a write: what is asked for.</summary>
    public const string Step = "dynamictoolset.step";

    public const string Outcome = "dynamictoolset.outcome";
    public const string Services = "dynamictoolset.services";
    public const string Toolsets = "dynamictoolset.toolsets";
    public const string KeysSet = "dynamictoolset.keys.set";
    public const string KeysRemoved = "dynamictoolset.keys.removed";
    public const string Type = "dynamictoolset.type";
    public const string Attempts = "dynamictoolset.attempts";

    public const string ErrorType = "error.type";
    public const string Namespace = "k8s.namespace.name";
    public const string Service = "k8s.service.name";
    public const string Port = "server.port";
    public const string StatusCode = "http.response.status_code";
}
