using DynamicToolset.Backends;
using DynamicToolset.Cluster;

namespace DynamicToolset.Sandbox.SampleBackends;

/// <summary>What stands behind one Service.</summary>
/// <param name="Type">A product, whose real answers are given; any other answers 200 on every path.</param>
/// <param name="Https">True where clients come with TLS.</param>
/// <param name="Prefix">Below which it is served; empty for none.</param>
public sealed record SampleBackend(string Type, SampleAnswer Answer, bool Https = false, string Prefix = "")
{
    /// <summary>The annotation of a Service that changes its sample's answer: one of <see cref="Answers"/>.</summary>
    public const string AnswerAnnotation = "sandbox.dynamic-toolset/answer";

    /// <summary>The annotation of a Service whose sample is another product than its labels say: <c>alertmanager</c>, <c>opensearch</c> and others.</summary>
    public const string ProductAnnotation = "sandbox.dynamic-toolset/product";

    /// <summary>The values that <see cref="AnswerAnnotation"/> may have.</summary>
    public static IReadOnlyList<string> Answers { get; } = ["401", "503", "tenant", "empty", "hang", "refuse", "tls", "https"];

    /// <summary>The annotation of a Service whose sample is served below a prefix, such as <c>/jaeger</c>, and answers 404 elsewhere.</summary>
    public const string PrefixAnnotation = "sandbox.dynamic-toolset/prefix";

    /// <summary>What the annotation's value asks for; null where it is none of the known ones, which the user should be told.</summary>
    /// <param name="value">Null where there is no annotation.</param>
    public static SampleAnswer? ParseAnswer(string? value) => value switch
    {
        null or "" => SampleAnswer.Right,
        "401" => SampleAnswer.Unauthorized,
        "503" => SampleAnswer.Unavailable,
        "tenant" => SampleAnswer.Tenant,
        "empty" => SampleAnswer.Empty,
        "hang" => SampleAnswer.Hang,
        "refuse" => SampleAnswer.Refuse,
        "tls" => SampleAnswer.Tls,
        "https" => SampleAnswer.Https,
        _ => null,
    };

    /// <summary>The sample behind a Service with these annotations.</summary>
    /// <param name="unknownAnswer">Told an annotation's value where it is unknown and therefore counts as none.</param>
    public static SampleBackend Create(
        string type, bool https, IReadOnlyDictionary<string, string> annotations, Action<string> unknownAnswer)
    {
        string? value = annotations.GetValueOrDefault(AnswerAnnotation);
        SampleAnswer? answer = ParseAnswer(value);
        if (answer is null)
            unknownAnswer(value!);
        string? product = annotations.GetValueOrDefault(ProductAnnotation);
        bool isProduct = product is not null && SampleProducts.Names.Contains(product);
        if (product is not null && !isProduct)
            unknownAnswer(product);
        string prefix = annotations.GetValueOrDefault(PrefixAnnotation)?.TrimEnd('/') ?? "";
        bool isPrefix = prefix.Length == 0 || UrlPath.IsPlain(prefix);
        if (!isPrefix)
            unknownAnswer(prefix);
        return new SampleBackend(isProduct ? product! : type, answer ?? SampleAnswer.Right, https, isPrefix ? prefix : "");
    }
}

/// <summary>How a sample backend behaves: a value of the annotation <see cref="SampleBackend.AnswerAnnotation"/>.</summary>
public enum SampleAnswer
{
    /// <summary>As the real product does when all is well; no annotation.</summary>
    Right,

    /// <summary><c>401</c> on every path, as a product that wants credentials.</summary>
    Unauthorized,

    /// <summary><c>503</c> on every path.</summary>
    Unavailable,

    /// <summary><c>tenant</c>: it is well, and answers nothing to who names no tenant.</summary>
    Tenant,

    /// <summary><c>empty</c>: it is well, and has nothing yet.</summary>
    Empty,

    /// <summary><c>hang</c>: takes the request and never answers.</summary>
    Hang,

    /// <summary><c>refuse</c>: nothing listens.</summary>
    Refuse,

    /// <summary>
    /// <c>tls</c>: the port speaks TLS and takes only clients with a certificate, which none has; and plain HTTP to those who expect TLS.
    /// </summary>
    Tls,

    /// <summary><c>https</c>: the port speaks TLS, whatever its Service shows, and answers as when all is well.</summary>
    Https,
}
