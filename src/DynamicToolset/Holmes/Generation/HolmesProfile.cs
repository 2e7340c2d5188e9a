using System.Collections.Immutable;

namespace DynamicToolset.Holmes.Generation;

/// <summary>For whom the file <c>holmes-toolsets.yaml</c> is made. Equal where the content is.</summary>
/// <param name="BaseToolsets">HolmesGPT's own toolsets that are on besides the discovered ones, in this order.</param>
public sealed record HolmesProfile(HolmesTarget Target, ImmutableArray<string> BaseToolsets)
{
    /// <summary>
    /// True where the checks of https backends verify no certificate: what is healthy here must not fail there, so HolmesGPT is told not to either.
    /// </summary>
    public bool TakesAnyCertificate { get; init; }

    /// <summary>The model sees the backends' descriptions of themselves.</summary>
    public bool TellsCapabilities { get; init; }

    public bool Equals(HolmesProfile? other) => other is not null
        && (Target, TakesAnyCertificate, TellsCapabilities) == (other.Target, other.TakesAnyCertificate, other.TellsCapabilities)
        && BaseToolsets.SequenceEqual(other.BaseToolsets);

    public override int GetHashCode() => HashCode.Combine(Target, TakesAnyCertificate, TellsCapabilities, BaseToolsets.Length);
}
