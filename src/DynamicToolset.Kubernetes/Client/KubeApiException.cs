using System.Collections.Immutable;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Kubernetes.Serialization;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>
/// Every way in which a request to the API server fails, refusals and network faults alike, so that a loop catches one family.
/// The message says what was asked, what came back and what to do; it never holds a token or the body of an answer.
/// </summary>
public sealed class KubeApiException : Exception
{
    /// <summary>The manifest that holds every right this program needs.</summary>
    public const string RbacManifest = "deploy/base/rbac.yaml";

    /// <summary>The one that holds the right to reach backends through the API server, which most do not need.</summary>
    public const string ProxyManifest = "deploy/proxy-checks/rbac.yaml";

    // API servers ask for seconds. Whatever stands before one must not put repairs and the election to sleep for an hour, or a loop for good.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly bool _versionTooLarge;

    private KubeApiException(KubeCall call, string message, Exception? inner)
        : base(message, inner)
    {
        Verb = call.Verb;
        Resource = call.Resource;
        Namespace = call.Namespace;
        Name = call.Name;
    }

    private KubeApiException(KubeCall call, KubeStatus status)
        : this(call, Refusal(call, status), inner: null)
    {
        Code = status.Code;
        Reason = status.Reason;
        Answer = status.Message.Length > 0 ? status.Message : Line(status);
        RetryAfter = status.RetryAfter > LongestWait ? LongestWait : status.RetryAfter;
        MissingRight = LacksRight(status) ? $"{Right(call, status)}; {ManifestOf(call)} grants it" : null;
        _versionTooLarge = status.IsVersionTooLarge;
    }

    /// <summary>The HTTP status code, or the code inside an ERROR event of a watch; 0 where there was no answer.</summary>
    public int Code { get; }

    /// <summary>
    /// The reason of the API server's <c>Status</c> (<c>Conflict</c>, <c>Expired</c>, …), empty where it gave none.
    /// Known values: https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1#StatusReason.
    /// </summary>
    public string Reason { get; } = "";

    /// <summary>What the API server said, without a guess of ours; the status where it gave no message, empty where there was no answer.</summary>
    public string Answer { get; } = "";

    /// <summary>What went wrong below HTTP; <see cref="KubeFault.None"/> where <see cref="Code"/> tells.</summary>
    public KubeFault Fault { get; private init; }

    /// <summary>What went wrong in one word, out of <see cref="ErrorTypes"/>: a label for metrics.</summary>
    public string ErrorType => Fault is KubeFault.None
        ? Code switch
        {
            401 => "unauthorized",
            403 => "forbidden",
            404 => "not_found",
            409 => "conflict",
            429 => "throttled",
            _ when IsGone => "gone",
            _ when IsInvalid => "invalid",
            >= 500 => "server",
            _ => "other",
        }
        : Fault.ToString().ToLowerInvariant();

    public static ImmutableArray<string> ErrorTypes { get; } =
    [
        "unauthorized", "forbidden", "not_found", "conflict", "throttled", "gone", "invalid", "server", "other",
        .. Enum.GetValues<KubeFault>().Where(f => f is not KubeFault.None).Select(f => f.ToString().ToLowerInvariant()),
    ];

    /// <summary>How long the API server asks to be left alone, at most a minute; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The RBAC verb that was asked for.</summary>
    public string Verb { get; }

    /// <summary>The resource's plural, for example <c>services</c>.</summary>
    public string Resource { get; }

    /// <summary>Null where the whole cluster was meant.</summary>
    public string? Namespace { get; }

    /// <summary>Null where no single object was meant.</summary>
    public string? Name { get; }

    /// <summary>403: a right is missing, or what is asked for is not admitted for another reason.</summary>
    public bool IsForbidden => Code == 403;

    /// <summary>
    /// The API server let the write itself pass, but not a reference to an owner whose deletion waits for the object: that takes a right to the
    /// owner's finalizers, where the plugin OwnerReferencesPermissionEnforcement is on.
    /// </summary>
    public bool WantsFinalizers => IsForbidden && Answer.Contains("can't set finalizers on", StringComparison.Ordinal);

    /// <summary>The right that is missing and the manifest that grants it, for people; null where none is.</summary>
    public string? MissingRight { get; }

    /// <summary>Nobody answered: there was no connection, or nothing came in time, be it the credential to ask with.</summary>
    public bool IsConnectionFailure => Fault is KubeFault.Unreachable or KubeFault.Timeout or KubeFault.Tls || IsCredentialLate;

    private bool IsCredentialLate { get; init; }

    /// <summary>404: no such object, namespace or resource.</summary>
    public bool IsNotFound => Code == 404;

    /// <summary>409: the object exists already, or is no longer at the version that the request was computed from.</summary>
    public bool IsConflict => Code == 409;

    /// <summary>
    /// 410, or 504 for a version that this API server has not reached: the resource version or <c>continue</c> token is of no use any more.
    /// </summary>
    public bool IsGone => Code == 410 || _versionTooLarge;

    /// <summary>400, 413 and 422: what was sent is not acceptable, and will not be the next time.</summary>
    public bool IsInvalid => Code is 400 or 413 or 422;

    /// <summary>True where the same request may succeed later without anybody changing anything.</summary>
    public bool IsRetryable => Fault is not KubeFault.None || Code is 408 or 429 or >= 500;

    internal static KubeApiException FromStatus(KubeCall call, KubeStatus status) => new(call, call.HoldsSecret ? status with { Message = "" } : status);

    internal static KubeApiException FromFault(KubeCall call, string route, Exception cause)
    {
        KubeFault fault = Classify(cause);
        return new KubeApiException(call, $"cannot {call}: {Explain(fault, route, cause)}", cause) { Fault = fault, IsCredentialLate = cause is CredentialsLateException };
    }

    private static KubeFault Classify(Exception cause) => cause switch
    {
        KubeConfigException or CredentialsLateException => KubeFault.Credentials,
        AnswerTooLargeException => KubeFault.TooLarge,
        TimeoutException => KubeFault.Timeout,
        JsonException => KubeFault.Malformed,
        EndOfStreamException or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => KubeFault.Truncated,
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => KubeFault.Truncated,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => KubeFault.Tls,
        HttpRequestException { InnerException: AuthenticationException } => KubeFault.Tls,
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => KubeFault.Malformed,
        _ => KubeFault.Unreachable,
    };

    private static string Explain(KubeFault fault, string route, Exception cause) => fault switch
    {
        KubeFault.Credentials => cause.Message,
        KubeFault.Timeout => $"{route} did not answer in time; check the network path and the load of the API server",
        KubeFault.Truncated => $"the answer of {route} ended early",
        KubeFault.Malformed => $"{route} did not answer as a Kubernetes API server does; check the address",
        KubeFault.TooLarge => $"{cause.Message}, which is the limit of this program; make it smaller",
        KubeFault.Tls => $"the TLS connection to {route} failed: {Innermost(cause)}; check certificate-authority, tls-server-name and the client certificate",
        _ => $"{route} is not reachable: {Innermost(cause)}",
    };

    private static string Innermost(Exception cause) => Within(cause.GetBaseException());

    /// <summary>Operators search for "connection refused", as most programs of a cluster write it.</summary>
    private static string Within(Exception cause) => cause is SocketException
        ? char.ToLowerInvariant(cause.Message[0]) + cause.Message[1..].TrimEnd('.')
        : cause.Message.TrimEnd('.');

    private static string Refusal(KubeCall call, KubeStatus status)
    {
        string said = status.Message.Length == 0 ? "" : $" (the API server says: {status.Message})";
        return status.Code switch
        {
            401 => $"cannot {call}: the credentials were refused; renew the token or client certificate{said}",
            403 when LacksRight(status) => $"cannot {call}: the right to {Right(call, status)} is missing; {ManifestOf(call)} grants it{said}",
            _ => $"cannot {call}: {Line(status)}{said}",
        };
    }

    /// <summary>
    /// Quotas, namespaces that are being deleted and other admission answer 403 as well. Whoever authorizes begins with the user, or says nothing
    /// where an apply would create; a proxy says anything.
    /// </summary>
    private static bool LacksRight(KubeStatus status) => status.Code == 403
        && !status.Message.StartsWith("admission webhook ", StringComparison.Ordinal)
        && (!status.Message.Contains(" is forbidden: ", StringComparison.Ordinal)
            || status.Message.Contains(" is forbidden: User ", StringComparison.Ordinal)
            || status.Message.TrimEnd().EndsWith(" is forbidden:", StringComparison.Ordinal));

    private static string ManifestOf(KubeCall call) => call.IsPassedOn ? ProxyManifest : RbacManifest;

    private static string Line(KubeStatus status) => $"status {status.Code} {status.Reason}".TrimEnd();

    private static string Right(KubeCall call, KubeStatus status)
    {
        string where = call.Namespace is null ? "in the whole cluster" : $"in namespace {call.Namespace}";
        string which = call.Name is null ? call.Resource : $"{call.Resource} \"{call.Name}\"";
        return $"{call.MissingVerb(status.Message)} {which} {where}";
    }
}
