using DynamicToolset.Discovery;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Rules;

/// <summary>
/// Fills a type's configuration in. It is a tree and not a text: what is filled in stays one value, whatever it contains.
/// </summary>
public static class ConfigTemplate
{
    public static ToolsetValue.Map Fill(ToolsetValue.Map template, EndpointUrl endpoint, ObjectKey service) =>
        new([.. template.Entries.Select(e => KeyValuePair.Create(e.Key, Fill(e.Value, endpoint, service)))]);

    private static ToolsetValue Fill(ToolsetValue value, EndpointUrl endpoint, ObjectKey service) => value switch
    {
        ToolsetValue.Text text => new ToolsetValue.Text(Fill(text.Value, endpoint, service)),
        ToolsetValue.List list => new ToolsetValue.List([.. list.Items.Select(i => Fill(i, endpoint, service))]),
        ToolsetValue.Map map => Fill(map, endpoint, service),
        _ => value,
    };

    /// <summary>None of the three values can contain a brace, so the order of the replacements does not matter.</summary>
    private static string Fill(string text, EndpointUrl endpoint, ObjectKey service) => text
        .Replace("{endpoint.url}", endpoint.ToString(), StringComparison.Ordinal)
        .Replace("{service.name}", service.Name, StringComparison.Ordinal)
        .Replace("{service.namespace}", service.Namespace, StringComparison.Ordinal);
}
