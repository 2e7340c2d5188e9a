namespace DynamicToolset.Kubernetes.Client;

/// <summary>How a request failed where the API server gave no verdict of its own.</summary>
public enum KubeFault
{
    /// <summary>The API server answered, with a status code.</summary>
    None,

    /// <summary>No connection: name not resolved, refused, reset, or the proxy said no.</summary>
    Unreachable,

    /// <summary>No answer, or not the whole of it, within the time allowed.</summary>
    Timeout,

    /// <summary>The TLS handshake failed: wrong CA, wrong host name, client certificate refused.</summary>
    Tls,

    /// <summary>The answer ended before it was complete.</summary>
    Truncated,

    /// <summary>The answer was no Kubernetes object; something else listens there.</summary>
    Malformed,

    /// <summary>The answer is longer than what is held of its kind.</summary>
    TooLarge,

    /// <summary>The credentials could not be read or made (token file, client certificate, exec plugin).</summary>
    Credentials,
}
