using System.Collections.Immutable;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>One entry of the file, before it is checked.</summary>
/// <param name="Backends">Whom it asks; empty for an entry that needs none.</param>
internal sealed record DraftEntry(string Name, ToolsetValue.Map Body, ImmutableArray<Backend> Backends)
{
    /// <summary>What the model is to know of it and would not hear from the entry itself; null where the entry says all.</summary>
    public ToldElsewhere? Told { get; init; }

    /// <summary>The first field of each entry: HolmesGPT leaves one of its own toolsets off that does not say it.</summary>
    public static (string, ToolsetValue) Enabled { get; } = ("enabled", new ToolsetValue.Flag(true));

    public bool IsDiscovered => Name.StartsWith(DiscoveredName.Family, StringComparison.Ordinal);
}

/// <summary>Words about a toolset of HolmesGPT's own, for the inventory.</summary>
/// <param name="Places">Where its backends are.</param>
/// <param name="Instructions">How to use it; an admin's words where there are some.</param>
internal sealed record ToldElsewhere(string Toolset, string Places, string Instructions);
