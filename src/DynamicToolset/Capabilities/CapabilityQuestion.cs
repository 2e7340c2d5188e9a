using DynamicToolset.HealthCheck;

namespace DynamicToolset.Capabilities;

/// <summary>One GET by whose answer a backend says something of itself.</summary>
/// <param name="Path">Starts with <c>/</c>, below the path of the endpoint; may have a query.</param>
/// <param name="Read">What a body says, in words of ours; empty where there is nothing to show, null where it is not such an answer at all.</param>
public sealed record CapabilityQuestion(string Path, Func<ReadOnlyMemory<byte>, string?> Read)
{
    /// <summary>A part of the line. Null where the answer says nothing, and then what was known stays; empty where there is nothing to say.</summary>
    public string? PartIn(ProbeAnswer answer) => answer switch
    {
        ProbeAnswer.Response { Status: 200, Body: var body } => Read(body),
        // It answers, and does not have this: a relative with a part of the API.
        ProbeAnswer.Response { Status: 400 or 404 or 405 or 422 or 501 } => "",
        _ => null,
    };
}
