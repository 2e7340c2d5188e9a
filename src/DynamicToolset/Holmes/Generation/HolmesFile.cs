using System.Collections.Immutable;

namespace DynamicToolset.Holmes.Generation;

/// <summary>The file that HolmesGPT loads.</summary>
/// <param name="LeftOut">What of the toolsets is not in it, in the order of the toolsets.</param>
/// <param name="Problems">What HolmesGPT would not take. Empty, or the text must not be written.</param>
public sealed record HolmesFile(
    HolmesProfile Profile, string Text, ImmutableArray<HolmesOmission> LeftOut, ImmutableArray<string> Problems)
{
    public bool IsRefused => !Problems.IsEmpty;
}
