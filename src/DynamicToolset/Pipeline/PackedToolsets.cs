using System.Collections.Immutable;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Pipeline;

/// <param name="Kept">In the order in which they were given.</param>
/// <param name="LeftOut">The first is the next to come in.</param>
public sealed record PackedToolsets(ImmutableArray<Toolset> Kept, ImmutableArray<Toolset> LeftOut);
