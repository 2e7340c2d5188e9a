using System.Text;
using DynamicToolset.Values;

namespace DynamicToolset.Toolsets;

/// <summary>
/// Writes a toolset as YAML. The bytes depend on the toolset alone: fixed order, fixed quoting, LF, no anchors, so that an unchanged
/// toolset is never a change of the ConfigMap.
/// </summary>
public static class ToolsetYaml
{
    public static string Emit(Toolset toolset) => Emit(ToolsetComment.Of(toolset), toolset.Name, ToolsetKeyOrder.Sort(toolset.Body));

    /// <param name="body">In the order in which it is written.</param>
    internal static string Emit(string comment, string name, ToolsetValue.Map body)
    {
        var yaml = new StringBuilder();
        yaml.Append("# ").Append(comment).Append('\n');
        yaml.Append("toolset: ").AppendWord(name).Append('\n');
        return yaml.AppendEntries(body, indent: 0).ToString();
    }
}
