using System.Collections.Immutable;
using DynamicToolset.Rules;
using DynamicToolset.Values;

namespace DynamicToolset.Toolsets;

/// <summary>The order of keys in a written toolset, at every depth: first those of generated ones, as the rules have them, the others ordinally.</summary>
internal static class ToolsetKeyOrder
{
    private static readonly ImmutableArray<string> Known =
    [
        "enabled",
        "config",
        .. ToolsetGenerator.KubernetesConfig.Entries.Concat(BuiltInRules.All.Types.SelectMany(t => t.Config.Entries)).Select(e => e.Key).Distinct(),
    ];

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
