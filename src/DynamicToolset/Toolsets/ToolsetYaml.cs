using System.Text;
using DynamicToolset.Values;

namespace DynamicToolset.Toolsets;

/// <summary>
/// Writes a toolset as YAML. The bytes depend on the toolset alone: fixed order, fixed quoting, LF, no anchors, so that an unchanged
/// toolset is never a change of the ConfigMap.
/// </summary>
public static class ToolsetYaml
{
    public static string Emit(Toolset toolset)
    {
        var yaml = new StringBuilder();
        yaml.Append("# ").Append(ToolsetComment.Of(toolset)).Append('\n');
        yaml.Append("toolset: ").AppendWord(toolset.Name).Append('\n');
        return yaml.AppendEntries(ToolsetKeyOrder.Sort(toolset.Body), indent: 0).ToString();
    }
}
