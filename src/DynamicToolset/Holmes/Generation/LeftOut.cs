using System.Collections.Immutable;

namespace DynamicToolset.Holmes.Generation;

/// <summary>Collects what of one toolset does not get into the file.</summary>
internal sealed class LeftOut(string toolset)
{
    private readonly List<HolmesOmission> _omissions = [];

    /// <summary>Each once: one config may be read for two of HolmesGPT's toolsets.</summary>
    public ImmutableArray<HolmesOmission> Omissions => [.. _omissions.Distinct()];

    /// <param name="path">Made with <see cref="KeyPath"/>.</param>
    public void Add(string path, string reason) => _omissions.Add(new HolmesOmission(toolset, path, reason));

    public void AddWhole(string reason) => Add("", reason);
}
