using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>One toolset or MCP server of the file.</summary>
internal sealed record HolmesEntry(string Name, YamlPosition NamePosition, YamlNode.Mapping Body, EntryKind Kind)
{
    /// <param name="isServer">True in the section <c>mcp_servers</c>, which forces the type.</param>
    public static HolmesEntry Of(YamlEntry entry, YamlNode.Mapping body, bool isServer) =>
        new(entry.Key, entry.KeyPosition, body, isServer ? EntryKind.Mcp : KindOf(entry.Key, Type(body)));

    /// <summary>The built-in toolset that was probably meant; null where the name is fine.</summary>
    public string? MeantBuiltIn => Kind == EntryKind.Commands ? BuiltInToolsets.RealNameOf(Name) : null;

    /// <summary>Null where the field is not there or is null.</summary>
    public YamlNode? Field(string name) => FieldOf(Body, name);

    public static YamlNode? FieldOf(YamlNode.Mapping map, string name) =>
        map[name] is { } node and not YamlNode.Scalar { IsNull: true } ? node : null;

    public static string? Type(YamlNode.Mapping body) => (FieldOf(body, "type") as YamlNode.Scalar)?.Text;

    private static EntryKind KindOf(string name, string? type) => type switch
    {
        "mcp" => EntryKind.Mcp,
        "http" or "database" or "mongodb" => EntryKind.Typed,
        _ => BuiltInToolsets.IsKnown(name) ? EntryKind.BuiltIn : EntryKind.Commands,
    };
}
