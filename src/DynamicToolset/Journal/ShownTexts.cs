using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Reconciliation;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Journal;

/// <summary>
/// Values of the ConfigMap that are not known to be what this program would write: only what a round reads out of them, and a mark. Two are equal where the
/// texts are, and none is equal to what would be written.
/// </summary>
internal sealed class ShownTexts(Placeholders placeholders)
{
    private const UriComponents Shown = UriComponents.SchemeAndServer | UriComponents.Path;

    public string Of(string key, string text)
    {
        if (key == ToolsetKey.Holmes)
            return SelfDescriptions.Again(text) is { Length: > 0 } said ? $"{Mark(text, said + "\n#")}\n#{said}" : Mark(text, "");
        string read = ToolsetKey.IsToolset(key) ? OfToolset(text) : "";
        return read + Mark(text, read);
    }

    private string Mark(string text, string shown) => placeholders.Whole(text, Encoding.UTF8.GetByteCount(text) - Encoding.UTF8.GetByteCount(shown));

    /// <summary>Which Service it is for, its type, and the URL where that leads to a Service.</summary>
    private static string OfToolset(string text)
    {
        var shown = new StringBuilder();
        if (ToolsetComment.ReadService(text) is { } service)
            shown.Append("# ").Append(ToolsetComment.Of(new ToolsetSource.Service(service))).Append('\n');
        (string? type, Uri? url) = PresentToolsets.ReadTypeAndUrl(text);
        var entries = new List<(string, ToolsetValue)>();
        if (type is not null && DnsName.IsLabel(type))
            entries.Add(("toolset", new ToolsetValue.Text(type)));
        if (url is not null)
            entries.Add(("config", ToolsetValue.Map.Of(("url", new ToolsetValue.Text(url.GetComponents(Shown, UriFormat.UriEscaped))))));
        return (entries.Count == 0 ? shown : shown.AppendEntries(ToolsetValue.Map.Of([.. entries]), indent: 0)).ToString();
    }
}
