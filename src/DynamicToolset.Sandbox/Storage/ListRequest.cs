using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Selectors;

namespace DynamicToolset.Sandbox.Storage;

/// <param name="Limit">Objects a page; 0 for all.</param>
/// <param name="Version">The resource version asked for; null for the newest.</param>
/// <param name="Exact">That very version instead of one not older.</param>
internal sealed record ListRequest(ObjectFilter Filter, int Limit = 0, string? Continue = null, long? Version = null, bool Exact = false);

/// <summary>A part of a list.</summary>
/// <param name="Version">The resource version of the whole list.</param>
/// <param name="Continue">The token for the next page; null on the last one.</param>
/// <param name="Remaining">How many objects follow; null where a selector makes that unknown.</param>
internal sealed record ObjectPage(IReadOnlyList<StoredObject> Items, long Version, string? Continue, int? Remaining);
