using System.Collections.Immutable;

namespace DynamicToolset.Holmes.Generation;

/// <summary>For whom the file <c>holmes-toolsets.yaml</c> is made. Equal where the content is.</summary>
/// <param name="BaseToolsets">HolmesGPT's own toolsets that are on beside the discovered ones, in this order.</param>
public sealed record HolmesProfile(HolmesTarget Target, ImmutableArray<string> BaseToolsets)
{
    public bool Equals(HolmesProfile? other) => other is not null && Target == other.Target && BaseToolsets.SequenceEqual(other.BaseToolsets);

    public override int GetHashCode() => HashCode.Combine(Target, BaseToolsets.Length);
}
