using System.Collections.Immutable;

namespace DynamicToolset.Toolsets;

/// <param name="Toolsets">In the order in which they are written: kubernetes, the built-in types, then ordinally.</param>
/// <param name="Dormant">Names of overrides that wait for a backend which is not there.</param>
public sealed record ToolsetList(ImmutableArray<Toolset> Toolsets, ImmutableArray<string> Dormant);
