using System.Collections.Immutable;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Overrides;

/// <summary>Merges deeply: maps key by key, anything else is replaced. The admin wins, leaf by leaf.</summary>
public static class OverrideMerger
{
    public static ToolsetValue.Map Merge(ToolsetValue.Map generated, ToolsetValue.Map wanted)
    {
        var merged = generated.Entries.ToBuilder();
        foreach ((string key, ToolsetValue value) in wanted.Entries)
        {
            int index = IndexOf(merged, key);
            if (index < 0)
                merged.Add(KeyValuePair.Create(key, value));
            else
                merged[index] = KeyValuePair.Create(key, Merge(merged[index].Value, value));
        }

        return new ToolsetValue.Map(merged.ToImmutable());
    }

    private static ToolsetValue Merge(ToolsetValue generated, ToolsetValue wanted) =>
        (generated, wanted) is (ToolsetValue.Map left, ToolsetValue.Map right) ? Merge(left, right) : wanted;

    private static int IndexOf(ImmutableArray<KeyValuePair<string, ToolsetValue>>.Builder entries, string key)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if (entries[i].Key == key)
                return i;
        }

        return -1;
    }
}
