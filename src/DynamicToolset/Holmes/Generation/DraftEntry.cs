using System.Collections.Immutable;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Holmes.Generation;

/// <summary>One entry of the file, before the whole is checked.</summary>
/// <param name="Backends">Whom it asks; empty for an entry that needs none.</param>
internal sealed record DraftEntry(string Name, ToolsetValue.Map Body, ImmutableArray<Backend> Backends);
