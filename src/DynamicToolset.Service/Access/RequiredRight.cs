namespace DynamicToolset.Service.Access;

/// <summary>
/// What a caller of a route has to be allowed, in the words of RBAC: a verb on a resource of the group <c>toolset.kubernaut.io</c>. Metadata of the route;
/// one without it is open to everybody.
/// </summary>
/// <param name="Verb">get, list or create.</param>
/// <param name="Resource">toolsets, services, discoveries or status.</param>
internal sealed record RequiredRight(string Verb, string Resource)
{
    public const string Group = "toolset.kubernaut.io";

    /// <summary>The route's value that names the namespace which the right is needed in; null where it is needed in the whole cluster.</summary>
    public string? NamespaceFrom { get; init; }
}
