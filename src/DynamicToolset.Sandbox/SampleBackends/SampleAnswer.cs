namespace DynamicToolset.Sandbox.SampleBackends;

/// <summary>How a sample backend behaves: a value of the annotation <see cref="SampleBackend.AnswerAnnotation"/>.</summary>
public enum SampleAnswer
{
    /// <summary>As the real product does when all is well; no annotation.</summary>
    Right,

    /// <summary><c>503</c> on every path.</summary>
    Unavailable,

    /// <summary><c>hang</c>: takes the request and never answers.</summary>
    Hang,

    /// <summary><c>refuse</c>: nothing listens.</summary>
    Refuse,

    /// <summary><c>tls</c>: the port speaks TLS to those who expect plain HTTP, and plain HTTP to those who expect TLS.</summary>
    Tls,
}
