namespace DynamicToolset.Sandbox.Storage;

/// <summary>A part of a list.</summary>
/// <param name="Version">The resource version of the whole list.</param>
/// <param name="Continue">The token for the next page; null on the last one.</param>
/// <param name="Remaining">How many objects follow; null where a selector makes that unknown.</param>
internal sealed record ObjectPage(IReadOnlyList<StoredObject> Items, long Version, string? Continue, int? Remaining);
