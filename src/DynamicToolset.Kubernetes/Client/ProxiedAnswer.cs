using System.Collections.Immutable;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>What a backend answered through the API server.</summary>
/// <param name="ContentType">As it was sent; null where it was sent more than once or not at all.</param>
/// <param name="Location">The same, without the path by which the API server has it lead through itself.</param>
/// <param name="Body">Its first bytes, as many as were asked for.</param>
/// <param name="IsComplete">False where the answer was cut off before so much had arrived.</param>
public sealed record ProxiedAnswer(int Status, string? ContentType, string? Location, ReadOnlyMemory<byte> Body, bool IsComplete)
{
    /// <summary>Of the headers that were asked for, those that were sent once.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];
}
