using DynamicToolset.Sandbox.Selectors;

namespace DynamicToolset.Sandbox.Storage;

/// <param name="Limit">Objects a page; 0 for all.</param>
/// <param name="Version">The resource version asked for; null for the newest.</param>
/// <param name="Exact">That very version instead of one not older.</param>
internal sealed record ListRequest(ObjectFilter Filter, int Limit = 0, string? Continue = null, long? Version = null, bool Exact = false);
