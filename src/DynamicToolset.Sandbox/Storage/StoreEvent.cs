namespace DynamicToolset.Sandbox.Storage;

/// <summary>One change of an object, or a bookmark, which has no object.</summary>
/// <param name="Object">The object after the change; at a deletion its last state under the version of the deletion.</param>
/// <param name="Previous">The object before the change; null at an addition.</param>
internal sealed record StoreEvent(StoreEventType Type, long Version, StoredObject? Object = null, StoredObject? Previous = null);
