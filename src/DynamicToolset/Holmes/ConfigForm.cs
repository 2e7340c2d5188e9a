using System.Collections.Frozen;
using System.Collections.Immutable;

namespace DynamicToolset.Holmes;

/// <summary>What the config of a built-in toolset may hold. A key that newer releases renamed is known to them under both names.</summary>
/// <param name="Lasting">Keys that both generations take.</param>
/// <param name="Newer">Keys that only the newer one takes; the older one takes no notice of them.</param>
/// <param name="Renamed">From the newer name to the older one.</param>
/// <param name="Required">The key that must be there, by its older name; null where none must.</param>
internal sealed record ConfigForm(
    FrozenSet<string> Lasting, FrozenSet<string> Newer, FrozenDictionary<string, string> Renamed, string? Required)
{
    /// <summary>The list that some configs are, with the key that each item must have, by its older name.</summary>
    public (string List, string Required)? Items { get; init; }

    /// <summary>True where no config at all is fine: HolmesGPT looks in its environment, or in the cluster.</summary>
    public bool IsOptional { get; init; }

    /// <summary>True where newer releases need the required key no more.</summary>
    public bool IsRequiredInOlderOnly { get; init; }

    public bool Knows(string key) => Lasting.Contains(key) || Newer.Contains(key) || Renamed.ContainsKey(key);

    /// <summary>The names under which the target knows a key.</summary>
    public ImmutableArray<string> NamesOf(string older, HolmesTarget target) => target == HolmesTarget.Compat
        ? [older]
        : [older, .. Renamed.Where(r => r.Value == older).Select(r => r.Key)];
}
