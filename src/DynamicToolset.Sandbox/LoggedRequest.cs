namespace DynamicToolset.Sandbox;

/// <summary>A request that the simulated API server has answered, or has begun to answer in the case of a watch.</summary>
/// <param name="Verb">As in RBAC: get, list, watch, create, update, patch, delete, deletecollection; for other paths the method in lower case.</param>
/// <param name="Resource">The plural name; empty for paths that are none.</param>
/// <param name="Path">With the query.</param>
/// <param name="ContentType">Of the body; empty without one.</param>
/// <param name="BodySize">In bytes.</param>
/// <param name="Status">The HTTP status.</param>
public sealed record LoggedRequest(
    string Verb, string Resource, string Method, string Path, string ContentType, string UserAgent, long BodySize, int Status);
