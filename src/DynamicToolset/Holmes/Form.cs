using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>
/// The fields of a map and what they take: <c>name</c> is one of both releases; <c>older &gt; newer</c> was renamed, and the newer release knows both
/// names; <c>- name</c> and <c>+ name</c> are those of the older and the newer release alone.
/// </summary>
internal sealed class Form
{
    private readonly List<(string? Older, string? Newer, FieldType Type)> _fields = [];
    private Func<YamlNode.Mapping, HolmesRelease, Misfit?>? _rule;

    /// <summary>Names that the older release knows; the newer one knows them too, or takes no notice of them.</summary>
    public IEnumerable<string> Lasting => _fields.Select(f => f.Older).OfType<string>();

    /// <summary>Names of fields that only the newer release has.</summary>
    public IEnumerable<string> Newer => _fields.Where(f => f.Older is null).Select(f => f.Newer!);

    /// <summary>From the newer name of a field to the older.</summary>
    public Dictionary<string, string> Renamed =>
        _fields.Where(f => f is { Older: not null, Newer: not null } && f.Older != f.Newer).ToDictionary(f => f.Newer!, f => f.Older!);

    public Form With(FieldType type, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            string[] words = name.Split(' ');
            _fields.Add((words[0] == "+" ? null : words[0] == "-" ? words[1] : words[0], words[0] == "-" ? null : words[^1], type));
        }

        return this;
    }

    public Form With(Form others)
    {
        _fields.AddRange(others._fields);
        return this;
    }

    /// <param name="rule">What fields must be to each other; null where a map has it.</param>
    public Form WithRule(Func<YamlNode.Mapping, HolmesRelease, Misfit?> rule)
    {
        _rule = rule;
        return this;
    }

    /// <summary>True for something that Python takes for true; a switch and a number count as it.</summary>
    public static bool Has(YamlNode.Mapping map, string key) => !PythonScalar.IsNull(map[key]) && map[key] is not YamlNode.Scalar { Text: "" };

    /// <summary>True where one release or the other knows it.</summary>
    public bool Knows(string key) => _fields.Any(f => f.Older == key || f.Newer == key);

    public bool Knows(string key, HolmesRelease release) => release == HolmesRelease.Older
        ? _fields.Any(f => f.Older == key)
        : _fields.Any(f => f.Newer == key || (f.Newer is not null && f.Older == key));

    /// <summary>What one release would not take. A field that it does not know, or does not look at, is none of it.</summary>
    public IEnumerable<Misfit> MisfitsIn(YamlNode.Mapping map, HolmesRelease release) => _fields
        .SelectMany(f => MisfitsIn(map, f.Older, f.Newer, f.Type, release))
        .Concat(map.Entries.Where(e => e.KeyKind != PythonKind.Text).Select(e => new Misfit(e.KeyPosition, e.Key, "a key that is a text")))
        .Concat(_rule?.Invoke(map, release) is { } misfit ? [misfit] : []);

    private static IEnumerable<Misfit> MisfitsIn(YamlNode.Mapping map, string? older, string? newer, FieldType type, HolmesRelease release)
    {
        // Of two names the newer one counts.
        string? name = release == HolmesRelease.Older || (newer is not null && map[newer] is null && older is not null) ? older : newer;
        if (name is null)
            return [];
        if (map[name] is { } value)
            return type.MisfitsIn(value, name, release);
        return type.IsNeeded ? [new Misfit(map.Position, older ?? name, type.Wanted, IsMissing: true)] : [];
    }
}
