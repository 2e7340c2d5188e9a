using System.Collections.Immutable;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>One entry of the file, before the whole is checked.</summary>
/// <param name="Backends">Whom it asks; empty for an entry that needs none.</param>
internal sealed record DraftEntry(string Name, ToolsetValue.Map Body, ImmutableArray<Backend> Backends)
{
    public bool IsDiscovered => Name.StartsWith(DiscoveredName.Family, StringComparison.Ordinal);

    /// <summary>Says of all whom it asks why it is not there. They may well be asked by another entry, so it is named.</summary>
    public void LeaveOut(string reason)
    {
        foreach (Backend backend in Backends)
            backend.LeftOut.AddWhole($"the entry {Name} is not there: {reason}");
    }
}
