using DynamicToolset.Yaml;

namespace DynamicToolset.Forms;

/// <summary>Nothing: the field means something to others, and is refused here whatever it says.</summary>
/// <param name="reason">To be read after the subject.</param>
internal sealed class RefusedForm(string reason) : Form<object>("left out", "")
{
    public override bool TryRead(YamlNode node, string subject, Action<YamlPosition, string> report, out object value)
    {
        value = node;
        report(node.Position, $"{subject} {reason}");
        return false;
    }
}
