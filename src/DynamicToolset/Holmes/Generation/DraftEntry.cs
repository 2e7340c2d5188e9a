using System.Collections.Immutable;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>One entry of the file, before it is checked.</summary>
/// <param name="Backends">Whom it asks; empty for an entry that needs none.</param>
internal sealed record DraftEntry(string Name, ToolsetValue.Map Body, ImmutableArray<Backend> Backends)
{
    /// <summary>The first field of each entry: HolmesGPT leaves one of its own toolsets off that does not say it.</summary>
    public static (string, ToolsetValue) Enabled { get; } = ("enabled", new ToolsetValue.Flag(true));

    public bool IsDiscovered => Name.StartsWith(DiscoveredName.Family, StringComparison.Ordinal);
}
