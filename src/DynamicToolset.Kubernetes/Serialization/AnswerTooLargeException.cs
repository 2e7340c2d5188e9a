using DynamicToolset.Messages;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>An answer is longer than what is held of its kind.</summary>
internal sealed class AnswerTooLargeException(Bound bound) : IOException($"{bound.Input} has more than {bound}");
