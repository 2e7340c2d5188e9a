using System.Text.Json.Nodes;

namespace DynamicToolset.Sandbox.Storage;

/// <param name="Force">Of a server-side apply: take over fields of others.</param>
internal sealed record PatchRequest(PatchType Type, JsonNode? Body, bool Force = false);
