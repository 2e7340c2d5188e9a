using System.Collections.Immutable;
using System.Globalization;
using DynamicToolset.Messages;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Rules;

/// <summary>
/// Reads the fields of one map strictly: what is not asked for is a problem when <see cref="Done"/> is called, what has the wrong shape
/// is one at once, and reading goes on, so that one run names all problems.
/// </summary>
internal sealed class FieldReader(YamlNode.Mapping map, Action<YamlPosition, string> report)
{
    private readonly List<string> _known = [];

    public YamlPosition Position => map.Position;

    /// <summary>Reports the fields that nobody asked for.</summary>
    public void Done()
    {
        foreach (YamlEntry entry in map.Entries.Where(e => !_known.Contains(e.Key)))
            report(entry.KeyPosition, $"unknown field {QuotedText.Of(entry.Key)}: known are {string.Join(", ", _known.Distinct())}");
    }

    /// <summary>Null where the field is not there or is null.</summary>
    public YamlNode? Node(string name)
    {
        _known.Add(name);
        return map[name] is { } node and not YamlNode.Scalar { IsNull: true } ? node : null;
    }

    public YamlNode? Required(string name)
    {
        YamlNode? node = Node(name);
        if (node is null)
            report(map.Position, $"the field \"{name}\" is missing");
        return node;
    }

    public string? Text(string name) => Node(name) switch
    {
        null => null,
        YamlNode.Scalar scalar => scalar.Text,
        var other => Nothing<string>(other, $"\"{name}\" must be a text"),
    };

    public bool Flag(string name, bool absent)
    {
        YamlNode? node = Node(name);
        if (node is null)
            return absent;
        if (node is YamlNode.Scalar && ToolsetValueReader.Read(node) is ToolsetValue.Flag flag)
            return flag.Value;
        report(node.Position, $"\"{name}\" must be true or false");
        return absent;
    }

    public int? Integer(string name, int lowest, int highest) => Node(name) is { } node ? Integer(node, name, lowest, highest) : null;

    /// <summary>One of some words; null where the field is not there or none of them.</summary>
    public T? Choice<T>(string name, params ReadOnlySpan<(string Word, T Value)> choices)
        where T : struct
    {
        if (Node(name) is not { } node)
            return null;
        foreach ((string word, T value) in choices)
        {
            if (node is YamlNode.Scalar scalar && scalar.Text == word)
                return value;
        }

        var words = new List<string>();
        foreach ((string word, _) in choices)
            words.Add(word);
        report(node.Position, $"\"{name}\" must be one of {string.Join(", ", words)}");
        return null;
    }

    public FieldReader? Map(string name) => Node(name) is { } node ? Map(node, $"\"{name}\"") : null;

    public FieldReader? Map(YamlNode node, string subject) => node is YamlNode.Mapping mapping
        ? new FieldReader(mapping, report)
        : Nothing<FieldReader>(node, $"{subject} must be a map");

    /// <summary>The entries of a map whose keys are free.</summary>
    public ImmutableArray<YamlEntry> Entries(string name) => Node(name) switch
    {
        null => [],
        YamlNode.Mapping mapping => mapping.Entries,
        var other => Refused<YamlEntry>(other, $"\"{name}\" must be a map"),
    };

    /// <summary>Empty where the field is not there.</summary>
    public ImmutableArray<YamlNode> Items(string name) => Node(name) switch
    {
        null => [],
        YamlNode.Sequence sequence => sequence.Items,
        var other => Refused<YamlNode>(other, $"\"{name}\" must be a list"),
    };

    public ImmutableArray<string> Texts(string name)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (YamlNode item in Items(name))
        {
            if (item is YamlNode.Scalar scalar)
                texts.Add(scalar.Text);
            else
                report(item.Position, $"an entry of \"{name}\" must be a text");
        }

        return texts.ToImmutable();
    }

    public ImmutableArray<int> Integers(string name, int lowest, int highest) =>
        [.. Items(name).Select(i => Integer(i, name, lowest, highest)).OfType<int>()];

    private int? Integer(YamlNode node, string name, int lowest, int highest)
    {
        if (node is YamlNode.Scalar { IsPlain: true } scalar
            && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= lowest
            && number <= highest)
        {
            return number;
        }

        report(node.Position, $"\"{name}\" must be a whole number from {lowest} to {highest}");
        return null;
    }

    private T? Nothing<T>(YamlNode node, string message)
        where T : class
    {
        report(node.Position, message);
        return null;
    }

    private ImmutableArray<T> Refused<T>(YamlNode node, string message)
    {
        report(node.Position, message);
        return [];
    }
}
