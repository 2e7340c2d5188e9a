using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>One toolset or MCP server of the file, as one release sees it.</summary>
internal sealed record HolmesEntry(string Name, YamlPosition NamePosition, YamlNode.Mapping Body, EntryKind Kind, HolmesRelease Release)
{
    /// <param name="isServer">True in the section <c>mcp_servers</c>, which forces the type.</param>
    public static HolmesEntry Of(YamlEntry entry, YamlNode.Mapping body, bool isServer, HolmesRelease release) =>
        new(entry.Key, entry.KeyPosition, body, isServer ? EntryKind.Mcp : KindOf(entry.Key, TypeOf(body), release), release);

    public string? Type => TypeOf(Body);

    /// <summary>True where the release leaves it off: a built-in that is not switched on, and any other that has a real <c>false</c>.</summary>
    public bool IsOff => Kind == EntryKind.BuiltIn
        ? PythonScalar.Flag(Field("enabled")) != true
        : Field("enabled") is YamlNode.Scalar { IsPlain: true } enabled && PythonScalar.KindOf(enabled) == PythonKind.Boolean && PythonScalar.Flag(enabled) == false;

    /// <summary>Null where the field is not there or is null.</summary>
    public YamlNode? Field(string name) => Body[name] is { } node && !PythonScalar.IsNull(node) ? node : null;

    public bool HasText(string name) => Field(name) is { } node and not YamlNode.Scalar { Text: "" };

    private static string? TypeOf(YamlNode.Mapping body) => (body["type"] as YamlNode.Scalar)?.Text;

    private static EntryKind KindOf(string name, string? type, HolmesRelease release) => type switch
    {
        "mcp" => EntryKind.Mcp,
        "http" or "database" or "mongodb" when release == HolmesRelease.Newer => EntryKind.Typed,
        _ => BuiltInToolsets.AreIn(release).Contains(name) ? EntryKind.BuiltIn : EntryKind.Commands,
    };
}
