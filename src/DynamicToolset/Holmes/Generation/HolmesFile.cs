using System.Collections.Immutable;

namespace DynamicToolset.Holmes.Generation;

/// <summary>The file that HolmesGPT loads, as it was made and then checked.</summary>
/// <param name="LeftOut">What of the toolsets is not in it, in the order of the toolsets.</param>
/// <param name="Problems">What HolmesGPT would not take, found in the text itself. Empty, or the text must not be written.</param>
public sealed record HolmesFile(
    HolmesProfile Profile, string Text, ImmutableArray<HolmesOmission> LeftOut, ImmutableArray<HolmesProblem> Problems)
{
    public bool IsRefused => !Problems.IsEmpty;
}
