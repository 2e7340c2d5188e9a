using DynamicToolset.Values;

namespace DynamicToolset.Overrides;

/// <summary>Merges deeply: maps key by key, anything else is replaced. The admin wins, leaf by leaf.</summary>
public static class OverrideMerger
{
    public static ToolsetValue.Map Merge(ToolsetValue.Map generated, ToolsetValue.Map wanted)
    {
        var merged = generated.Entries.ToBuilder();
        // Not by searching: overrides can be one map of 15,000 keys.
        Dictionary<string, int> indexes = generated.Entries.Select((e, i) => (e.Key, i)).ToDictionary(e => e.Key, e => e.i, StringComparer.Ordinal);
        foreach ((string key, ToolsetValue value) in wanted.Entries)
        {
            if (indexes.TryGetValue(key, out int index))
                merged[index] = KeyValuePair.Create(key, Merge(merged[index].Value, value));
            else
                merged.Add(KeyValuePair.Create(key, value));
        }

        return new ToolsetValue.Map(merged.ToImmutable());
    }

    private static ToolsetValue Merge(ToolsetValue generated, ToolsetValue wanted) =>
        (generated, wanted) is (ToolsetValue.Map left, ToolsetValue.Map right) ? Merge(left, right) : wanted;
}
