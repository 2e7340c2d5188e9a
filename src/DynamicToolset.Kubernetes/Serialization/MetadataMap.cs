using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>
/// The labels or annotations of one object: a handful of pairs in one array, a third of the size of a hash table,
/// and no slower to search at that length.
/// </summary>
internal sealed class MetadataMap(KeyValuePair<string, string>[] pairs) : IReadOnlyDictionary<string, string>
{
    public static readonly MetadataMap Empty = new([]);

    public int Count => pairs.Length;

    public IEnumerable<string> Keys => pairs.Select(pair => pair.Key);

    public IEnumerable<string> Values => pairs.Select(pair => pair.Value);

    public string this[string key] => TryGetValue(key, out string? value) ? value : throw new KeyNotFoundException($"no key {key}");

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        foreach (KeyValuePair<string, string> pair in pairs)
        {
            if (string.Equals(pair.Key, key, StringComparison.Ordinal))
            {
                value = pair.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string>>)pairs).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => pairs.GetEnumerator();
}
