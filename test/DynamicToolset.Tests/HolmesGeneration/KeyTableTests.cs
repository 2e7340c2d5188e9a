using DynamicToolset.Backends;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Rules;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Tests.HolmesGeneration;

/// <summary>The table of the reference page, held to what is written for each of its cells.</summary>
public sealed class KeyTableTests
{
    private const string OtherPlace = "http://other.b:81";

    private static readonly Dictionary<string, ToolsetValue> Samples = new()
    {
        ["url"] = Text(OtherPlace),
        ["timeout"] = Text("7s"),
        ["timeout_seconds"] = new ToolsetValue.Number("7"),
        ["verify_ssl"] = new ToolsetValue.Flag(false),
        ["headers"] = ToolsetValue.Map.Of(("X-Token", Text("${TOKEN}"))),
        ["default_headers"] = ToolsetValue.Map.Of(("X-Token", Text("${TOKEN}"))),
        ["apiKey"] = Text("${KEY}"),
        ["api_key"] = Text("${KEY}"),
        ["username"] = Text("${USER}"),
        ["password"] = Text("${PASSWORD}"),
        ["query_endpoint"] = Text("/other/api/traces"),
    };

    public static TheoryData<string, string, HolmesTarget> Cells
    {
        get
        {
            var cells = new TheoryData<string, string, HolmesTarget>();
            foreach (string key in KeyTable.Keys)
            {
                foreach (string type in BackendKinds.All.Select(k => k.Name))
                {
                    foreach (HolmesTarget target in Enum.GetValues<HolmesTarget>())
                        cells.Add(key, type, target);
                }
            }

            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_key_becomes_what_the_table_says_and_is_told_where_it_becomes_nothing(string key, string type, HolmesTarget target)
    {
        HolmesFile without = Make(type, target), with = Make(type, target, key);
        if (KeyTable.NameOf(key, BackendKinds.Of(type), target) is not { } name)
        {
            Assert.Equal(without.Text, with.Text);
            Assert.Contains(with.LeftOut, o => o.Path == $"config.{key}");
            return;
        }

        string added = string.Join('\n', with.Text.Split('\n').Except(without.Text.Split('\n')));
        if (name == "<url>")
            Assert.Contains(((ToolsetValue.Text)Samples[key]).Value, added, StringComparison.Ordinal);
        else
            Assert.Matches($@"(?<![\w-]){name}(?![\w-])", added);
        Assert.DoesNotContain(with.LeftOut, o => o.Path == $"config.{key}");
    }

    /// <summary>What the generator reads has a form that overrides and rules are held to.</summary>
    [Fact]
    public void The_form_of_each_key_is_known() => Assert.Empty(KeyTable.Keys.Except(ConfigGrammar.Known.Select(f => f.Name)));

    private static HolmesFile Make(string type, HolmesTarget target, params string[] keys)
    {
        Dictionary<string, ToolsetValue> config = new() { ["url"] = Text(Place(type, "a.b:80")) };
        foreach (string key in keys.SelectMany(WithPartner))
            config[key] = key == "url" ? Text(Place(type, "other.b:81")) : Samples[key];
        var body = ToolsetValue.Map.Of(("config", new ToolsetValue.Map([.. config])));
        return new HolmesGenerator(new HolmesProfile(target, [])).Generate([new Toolset("mine", type, body, new ToolsetSource.Override())]);
    }

    private static string Place(string type, string place) => $"{(BackendKinds.Of(type).IsTcp ? "tcp" : "http")}://{place}";

    private static string[] WithPartner(string key) => key is "username" or "password" ? ["username", "password"] : [key];

    private static ToolsetValue.Text Text(string text) => new(text);
}
