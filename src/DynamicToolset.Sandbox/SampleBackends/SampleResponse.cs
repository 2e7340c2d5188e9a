namespace DynamicToolset.Sandbox.SampleBackends;

/// <summary>One answer of a sample backend.</summary>
/// <param name="Headers">Beside the content type.</param>
internal sealed record SampleResponse(int Status, string ContentType, string Body, params (string Name, string Value)[] Headers);
