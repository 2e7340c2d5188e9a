using System.Text;

namespace DynamicToolset.Values;

/// <summary>
/// Writes values as YAML: in the order that they have, with fixed quoting, LF, no anchors. Equal values give equal bytes.
/// </summary>
internal static class ToolsetValueYaml
{
    private const int Step = 2;

    /// <summary>Appends the entries of a map, each on lines of its own, this many blanks from the left edge.</summary>
    public static StringBuilder AppendEntries(this StringBuilder yaml, ToolsetValue.Map map, int indent)
    {
        bool first = true;
        foreach ((string key, ToolsetValue value) in map.Entries)
        {
            // The first entry of a map in a list is on the line of its dash.
            if (!first || !IsAfterDash(yaml))
                yaml.Append(' ', indent);
            first = false;
            yaml.AppendWord(key).Append(':');
            AppendAfterKey(yaml, value, indent);
        }

        return yaml;
    }

    private static bool IsAfterDash(StringBuilder yaml) => yaml.Length >= 2 && yaml[^1] == ' ' && yaml[^2] == '-';

    private static void AppendAfterKey(StringBuilder yaml, ToolsetValue value, int indent)
    {
        if (IsBlock(value))
        {
            yaml.Append('\n');
            AppendBlock(yaml, value, indent + Step);
            return;
        }

        yaml.Append(' ');
        AppendInline(yaml, value);
        yaml.Append('\n');
    }

    private static void AppendBlock(StringBuilder yaml, ToolsetValue value, int indent)
    {
        if (value is ToolsetValue.Map map)
            AppendEntries(yaml, map, indent);
        else
            AppendItems(yaml, (ToolsetValue.List)value, indent);
    }

    private static void AppendItems(StringBuilder yaml, ToolsetValue.List list, int indent)
    {
        bool first = true;
        foreach (ToolsetValue item in list.Items)
        {
            if (!first || !IsAfterDash(yaml))
                yaml.Append(' ', indent);
            first = false;
            yaml.Append("- ");
            if (IsBlock(item))
            {
                AppendBlock(yaml, item, indent + Step);
                continue;
            }

            AppendInline(yaml, item);
            yaml.Append('\n');
        }
    }

    /// <summary>A map, or a list with a map or a list in it, takes lines of its own.</summary>
    private static bool IsBlock(ToolsetValue value) => value switch
    {
        ToolsetValue.Map map => !map.Entries.IsEmpty,
        ToolsetValue.List list => list.Items.Any(i => i is ToolsetValue.Map or ToolsetValue.List),
        _ => false,
    };

    private static void AppendInline(StringBuilder yaml, ToolsetValue value)
    {
        switch (value)
        {
            case ToolsetValue.Text text:
                yaml.AppendQuoted(text.Value);
                break;
            case ToolsetValue.Number number:
                yaml.Append(number.Digits);
                break;
            case ToolsetValue.Flag flag:
                yaml.Append(flag.Value ? "true" : "false");
                break;
            case ToolsetValue.Nothing:
                yaml.Append("null");
                break;
            case ToolsetValue.Map:
                yaml.Append("{}");
                break;
            case ToolsetValue.List list:
                AppendFlow(yaml, list);
                break;
        }
    }

    private static void AppendFlow(StringBuilder yaml, ToolsetValue.List list)
    {
        yaml.Append('[');
        for (int i = 0; i < list.Items.Length; i++)
        {
            if (i > 0)
                yaml.Append(", ");
            AppendInline(yaml, list.Items[i]);
        }

        yaml.Append(']');
    }
}
