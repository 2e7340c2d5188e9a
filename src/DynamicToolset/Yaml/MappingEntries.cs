using System.Collections.Immutable;

namespace DynamicToolset.Yaml;

/// <summary>The entries of a mapping as they are read.</summary>
/// <param name="isObject">It may be an object of Kubernetes.</param>
internal sealed class MappingEntries(YamlForm form, bool isObject)
{
    /// <summary>Up to so many are looked through; most maps have fewer.</summary>
    private const int Few = 8;

    private readonly List<YamlEntry> _entries = [];
    private Dictionary<string, int>? _places;

    public ImmutableArray<YamlEntry> ToImmutable() => [.. _entries];

    /// <summary>Call it before the value of a key is read: a problem of the key comes before problems of its value.</summary>
    /// <exception cref="YamlProblemException">The key is there already, and may not be.</exception>
    public void Claim(string key, YamlPosition place)
    {
        bool isAgain = form == YamlForm.WrittenOut || (isObject && key is "kind" or "apiVersion" or "metadata" or "spec");
        if (!isAgain || Find(key) is not (>= 0 and int first))
            return;
        int line = _entries[first].KeyPosition.Line;
        throw new YamlProblemException(form == YamlForm.WrittenOut
            ? new YamlProblem(place, $"This key is a duplicate of line {line}: keep one of them", IsReadElsewhere: true)
            : new YamlProblem(place, $"\"{key}\" is a duplicate of line {line}: a line with --- is missing between two objects"));
    }

    /// <summary>A key that is there already gets the new value.</summary>
    public void Set(YamlEntry entry)
    {
        if (Find(entry.Key) is >= 0 and int place)
        {
            _entries[place] = entry;
            return;
        }

        _places?.Add(entry.Key, _entries.Count);
        _entries.Add(entry);
    }

    private int Find(string key)
    {
        if (_places is null && _entries.Count > Few)
            _places = _entries.Index().ToDictionary(e => e.Item.Key, e => e.Index, StringComparer.Ordinal);
        return _places is null ? _entries.FindIndex(e => e.Key == key) : _places.GetValueOrDefault(key, -1);
    }
}
