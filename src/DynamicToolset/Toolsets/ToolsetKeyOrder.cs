using System.Collections.Immutable;
using DynamicToolset.Values;

namespace DynamicToolset.Toolsets;

/// <summary>The order of keys in a written toolset: the ones that readers know first, the others ordinally, at every depth.</summary>
internal static class ToolsetKeyOrder
{
    private static readonly ImmutableArray<string> Known =
        ["enabled", "config", "incluster", "namespaces", "url", "timeout", "apiKey", "query_endpoint"];

    public static ToolsetValue.Map Sort(ToolsetValue.Map map) => new(
    [
        .. map.Entries
            .OrderBy(e => Rank(e.Key))
            .ThenBy(e => e.Key, StringComparer.Ordinal)
            .Select(e => KeyValuePair.Create(e.Key, Sort(e.Value))),
    ]);

    private static ToolsetValue Sort(ToolsetValue value) => value switch
    {
        ToolsetValue.Map map => Sort(map),
        ToolsetValue.List list => new ToolsetValue.List([.. list.Items.Select(Sort)]),
        _ => value,
    };

    private static int Rank(string key)
    {
        int index = Known.IndexOf(key);
        return index < 0 ? Known.Length : index;
    }
}
