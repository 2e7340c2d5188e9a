using System.Globalization;
using System.Text.RegularExpressions;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>A value that its field does not take, or a needed field that is not there.</summary>
/// <param name="Wanted">What to write, to be read after "Write".</param>
internal sealed record Misfit(YamlPosition Position, string Name, string Wanted, bool IsMissing = false);

/// <summary>What a field takes, as pydantic's lax mode does. Where the environment puts something in, any text may become it.</summary>
/// <param name="Wanted">To be read after "Write".</param>
/// <param name="MisfitsIn">What of a value, under its key, one release does not take.</param>
internal sealed partial record FieldType(string Wanted, Func<YamlNode, string, HolmesRelease, IEnumerable<Misfit>> MisfitsIn)
{
    private const string MapOfNames = "a map whose keys are texts, in quotes where they look like a number, a date or a switch";

    public static FieldType Any { get; } = new("a value", (_, _, _) => []);

    public static FieldType Text { get; } = Scalar("a text, in quotes where it looks like a number, a date or a switch", s => PythonScalar.IsText(s));

    public static FieldType Flag { get; } = Scalar("true or false", s => PythonScalar.Flag(s) is not null);

    public static FieldType Number { get; } = Between(double.MinValue, double.MaxValue);

    public static FieldType Url { get; } =
        Scalar("http://host:port, or https", s => PythonScalar.IsText(s) && HttpUrl().Match(s.Text) is { Success: true } url && IsPort(url.Groups[1].Value));

    public static FieldType Texts { get; } = MapOf(Text);

    public static FieldType Names { get; } = ListOf(Text);

    /// <summary>True in a form that cannot be without it.</summary>
    public bool IsNeeded { get; private init; }

    public FieldType Needed => this with { IsNeeded = true };

    public FieldType OrNull => new(Wanted, (node, key, release) => PythonScalar.IsNull(node) ? [] : MisfitsIn(node, key, release));

    public static FieldType Between(double least, double most)
    {
        string from = least == double.MinValue ? "" : $" from {least}", to = most == double.MaxValue ? "" : $" to {most}";
        return Scalar($"a whole number{from}{to}", s => PythonScalar.Number(s) is { } number && number >= least && number <= most);
    }

    public static FieldType OneOf(params string[] words) => Scalar(string.Join(" or ", words), s => PythonScalar.IsText(s) && words.Contains(s.Text));

    public static FieldType Matching(string wanted, Regex pattern) => Scalar(wanted, s => PythonScalar.IsText(s) && pattern.IsMatch(s.Text));

    public static FieldType ListOf(FieldType item) => ListOf(item, $"a list, each {item.Wanted}", least: 0);

    public static FieldType FilledListOf(FieldType item) => ListOf(item, $"a list of at least one: {item.Wanted}", least: 1);

    public static FieldType MapOf(FieldType value) => new(MapOfNames, (node, key, release) => node is YamlNode.Mapping { Entries: var entries }
        ? entries.SelectMany(e => e.KeyKind == PythonKind.Text ? value.MisfitsIn(e.Value, e.Key, release) : [new Misfit(e.KeyPosition, e.Key, MapOfNames)])
        : [new Misfit(node.Position, key, MapOfNames)]);

    /// <param name="form">Asked when it is needed, since a form may stand in itself.</param>
    public static FieldType In(string wanted, Func<Form> form) => new(wanted, (node, key, release) =>
        node is YamlNode.Mapping map ? form().MisfitsIn(map, release) : [new Misfit(node.Position, key, wanted)]);

    public static FieldType Either(string wanted, params FieldType[] types) => new(wanted, (node, key, release) =>
        types.Any(t => !t.MisfitsIn(node, key, release).Any()) ? [] : [new Misfit(node.Position, key, wanted)]);

    /// <summary>The type of the older release, and that of the newer.</summary>
    public static FieldType Per(FieldType older, FieldType newer) =>
        new(older.Wanted, (node, key, release) => (release == HolmesRelease.Older ? older : newer).MisfitsIn(node, key, release));

    private static FieldType ListOf(FieldType item, string wanted, int least) => new(wanted, (node, key, release) =>
        node is YamlNode.Sequence { Items: var items } && items.Length >= least
            ? items.SelectMany(i => item.MisfitsIn(i, key, release))
            : [new Misfit(node.Position, key, wanted)]);

    private static FieldType Scalar(string wanted, Predicate<YamlNode.Scalar> takes) => new(wanted, (node, key, _) =>
        node is YamlNode.Scalar scalar && (takes(scalar) || EnvReference.IsIn(scalar.Text)) ? [] : [new Misfit(node.Position, key, wanted)]);

    private static bool IsPort(string digits) =>
        digits.Length == 0 || (int.TryParse(digits, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65535);

    [GeneratedRegex(
        """\Ahttps?://(?:[^\s/?#@]*@)?(?:\[[0-9a-fA-F:.]+\]|[^\s/?#@:<>"{}|\\^`\[\]%]+)(?::([0-9]*))?(?:[/?#]\S*)?\z""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTimeout.None)]
    private static partial Regex HttpUrl();
}
