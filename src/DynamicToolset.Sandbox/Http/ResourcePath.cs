using DynamicToolset.Cluster;

namespace DynamicToolset.Sandbox.Http;

/// <summary>What a path of the API names, see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Namespace">Empty for all namespaces, and for cluster-scoped resources.</param>
/// <param name="Plural">Empty for a path that names no resource.</param>
/// <param name="Name">Empty for the collection.</param>
/// <param name="Subresource">Empty for the object itself.</param>
internal sealed record ResourcePath(string Group, string Version, string Namespace, string Plural, string Name, string Subresource)
{
    private static readonly ResourcePath None = new("", "", "", "", "", "");

    public bool NamesResource => Plural.Length > 0;

    public ObjectKey Key => new(Namespace, Name);

    public static ResourcePath Parse(string path) => path.Trim('/').Split('/') switch
    {
        ["api", var version, .. { Length: > 0 } rest] => Parse("", version, rest),
        ["apis", var group, var version, .. { Length: > 0 } rest] => Parse(group, version, rest),
        _ => None,
    };

    private static ResourcePath Parse(string group, string version, string[] rest) => rest switch
    {
        ["namespaces", var place, var plural] => new ResourcePath(group, version, place, plural, "", ""),
        ["namespaces", var place, var plural, var name] => new ResourcePath(group, version, place, plural, name, ""),
        ["namespaces", var place, var plural, var name, var subresource, ..] => new ResourcePath(group, version, place, plural, name, subresource),
        [var plural] => new ResourcePath(group, version, "", plural, "", ""),
        [var plural, var name] => new ResourcePath(group, version, "", plural, name, ""),
        [var plural, var name, var subresource, ..] => new ResourcePath(group, version, "", plural, name, subresource),
        _ => None,
    };
}
