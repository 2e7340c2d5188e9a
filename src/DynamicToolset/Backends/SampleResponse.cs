namespace DynamicToolset.Backends;

/// <summary>What a product answers to a request.</summary>
/// <param name="Headers">Beside the content type.</param>
public sealed record SampleResponse(int Status, string ContentType, string Body, params (string Name, string Value)[] Headers)
{
    public const string Plain = "text/plain; charset=utf-8";

    public const string Html = "text/html; charset=utf-8";

    public const string Json = "application/json";
}
