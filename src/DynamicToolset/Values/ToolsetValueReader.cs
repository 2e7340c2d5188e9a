using System.Diagnostics;
using DynamicToolset.Yaml;

namespace DynamicToolset.Values;

/// <summary>Turns a parsed document into a toolset value.</summary>
public static class ToolsetValueReader
{
    public static ToolsetValue Read(YamlNode node) => node switch
    {
        YamlNode.Mapping mapping => ReadMap(mapping),
        YamlNode.Sequence sequence => new ToolsetValue.List([.. sequence.Items.Select(Read)]),
        YamlNode.Scalar scalar => ToolsetScalar.Read(scalar),
        _ => throw new UnreachableException(),
    };

    public static ToolsetValue.Map ReadMap(YamlNode.Mapping mapping) =>
        new([.. mapping.Entries.Select(e => KeyValuePair.Create(e.Key, Read(e.Value)))]);
}
