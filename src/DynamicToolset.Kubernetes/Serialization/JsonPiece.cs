using System.Buffers;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>A value as it was read, or the beginning of one that is too long to be held.</summary>
/// <param name="Json">Of a beginning, the tokens that are whole.</param>
internal readonly record struct JsonPiece(ReadOnlySequence<byte> Json, bool IsWhole);
