using System.Collections.Immutable;
using DynamicToolset.Forms;
using DynamicToolset.Rules;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Overrides;

/// <summary>How the override of one toolset is written.</summary>
internal static class OverrideGrammar
{
    /// <summary>A longer key could not be written on one line as YAML wants it (at most 1024 characters, escapes included).</summary>
    private const int LongestKey = 128;

    private const string Allowed = "a map with \"enabled\" and \"config\"";

    private static readonly ScalarForm<string> Words =
        ScalarForm.Value("a text that is not empty", "x", value => value is ToolsetValue.Text { Value.Length: > 0 });

    private static readonly ImmutableArray<Field> Refused =
    [
        new Field<object>("toolset", new RefusedForm("is the key above and cannot be set")),
        new Field<object>("tools", new RefusedForm("is not allowed in an override, which has \"enabled\" and \"config\"")),
    ];

    private static readonly Field Config = new Field<ToolsetValue.Map>("config", new TreeForm("a map", "{}", ConfigGrammar.UnsentIn, ConfigGrammar.Known));

    /// <summary>The fields that every toolset has next to its configuration.</summary>
    public static ImmutableArray<Field> BesideConfig { get; } =
    [
        new Field<bool>("enabled", ScalarForm.Flag),
        new Field<string>("description", Words),
        new Field<string>("llm_instructions", Words),
    ];

    /// <summary>With the configuration as a field of its own; any other field next to it is allowed.</summary>
    public static TreeForm Long { get; } = new(Allowed, "{config: {}}", LongKeysIn, [.. BesideConfig, Config, .. Refused]);

    /// <summary>The short form: all other keys are those of the configuration.</summary>
    public static TreeForm Short { get; } =
        new(Allowed, "{}", body => LongKeysIn(body).Concat(ConfigGrammar.UnsentIn(body)), [.. BesideConfig, .. ConfigGrammar.Known, .. Refused]);

    public static TreeForm For(YamlNode body) => body is YamlNode.Mapping map && map[Config.Name] is null ? Short : Long;

    private static IEnumerable<YamlProblem> LongKeysIn(YamlNode node) => node switch
    {
        YamlNode.Mapping map => map.Entries.SelectMany(e =>
            e.Key.Length > LongestKey ? [new YamlProblem(e.KeyPosition, $"a key may have at most {LongestKey} characters")] : LongKeysIn(e.Value)),
        YamlNode.Sequence list => list.Items.SelectMany(LongKeysIn),
        _ => [],
    };
}
