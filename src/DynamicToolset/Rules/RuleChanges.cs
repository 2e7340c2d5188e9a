using System.Collections.Immutable;

namespace DynamicToolset.Rules;

/// <summary>What became of rules from one set to the next: their names, in ordinal order.</summary>
/// <param name="Replaced">There before and after, and not the same.</param>
public sealed record RuleChanges(ImmutableArray<string> Added, ImmutableArray<string> Replaced, ImmutableArray<string> Removed)
{
    public bool IsEmpty => Added.IsEmpty && Replaced.IsEmpty && Removed.IsEmpty;

    /// <summary>For a person: <c>added loki; replaced grafana, jaeger</c>.</summary>
    public override string ToString() => string.Join("; ", Parts());

    private IEnumerable<string> Parts()
    {
        if (!Added.IsEmpty)
            yield return $"added {string.Join(", ", Added)}";
        if (!Replaced.IsEmpty)
            yield return $"replaced {string.Join(", ", Replaced)}";
        if (!Removed.IsEmpty)
            yield return $"removed {string.Join(", ", Removed)}";
    }
}
