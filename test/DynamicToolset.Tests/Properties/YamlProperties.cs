using System.Text.Json.Nodes;
using CsCheck;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Tests.Properties;

public sealed class YamlProperties(ITestOutputHelper output)
{
    [Fact]
    public void P9_Every_toolset_is_read_back_as_it_was_by_both_parsers()
    {
        var batch = new PyYamlBatch();
        Generated.Maps.Holds(
            10_000,
            output,
            body =>
            {
                string yaml = ToolsetYaml.Emit(new Toolset("t", "custom", body, new ToolsetSource.Override()));
                JsonNode read = ToolsetJson.Read(yaml)!;
                Assert.True(JsonNode.DeepEquals(WithName(body), read), yaml);
                batch.Expect(yaml, read);
            },
            KindsIn,
            "Text",
            "Number",
            "Flag",
            "Nothing",
            "List",
            "Map");
        batch.AssertUnderstood();
    }

    [Fact]
    public void P9_Every_string_survives_as_a_value_and_as_a_key()
    {
        var batch = new PyYamlBatch();
        Generated.Texts.Holds(
            10_000,
            output,
            text =>
            {
                string key = text.Length <= 128 ? text : "k";
                var body = ToolsetValue.Map.Of((key, new ToolsetValue.List([new ToolsetValue.Text(text), ToolsetValue.Map.Of((key, new ToolsetValue.Text(text)))])));
                string yaml = ToolsetYaml.Emit(new Toolset("t", "custom", body, new ToolsetSource.Override()));
                JsonNode read = ToolsetJson.Read(yaml)!;
                Assert.True(JsonNode.DeepEquals(WithName(body), read), yaml);
                batch.Expect(yaml, read);
            },
            ClassesOf,
            "a word of YAML",
            "control characters",
            "line breaks",
            "NEL, LS or PS",
            "byte order mark",
            "beyond the BMP",
            "very long",
            "empty");
        batch.AssertUnderstood();
    }

    private static JsonObject WithName(ToolsetValue.Map body) =>
        (JsonObject)ToolsetJson.Of(new ToolsetValue.Map([KeyValuePair.Create("toolset", (ToolsetValue)new ToolsetValue.Text("t")), .. body.Entries]))!;

    private static IEnumerable<string> KindsIn(ToolsetValue value) => (value switch
    {
        ToolsetValue.Map map => map.Entries.SelectMany(e => KindsIn(e.Value)),
        ToolsetValue.List list => list.Items.SelectMany(KindsIn),
        _ => [],
    }).Append(value.GetType().Name).Distinct();

    private static IEnumerable<string> ClassesOf(string text)
    {
        if (text.Length == 0)
            yield return "empty";
        if (text is "no" or "on" or "yes" or "012" or "1e3" or "2025-01-01" or "=" or "<<" or "~" or "null")
            yield return "a word of YAML";
        if (text.Any(char.IsControl))
            yield return "control characters";
        if (text.AsSpan().ContainsAny('\r', '\n'))
            yield return "line breaks";
        if (text.AsSpan().ContainsAny('\u0085', '\u2028', '\u2029'))
            yield return "NEL, LS or PS";
        if (text.Contains('\uFEFF', StringComparison.Ordinal))
            yield return "byte order mark";
        if (text.Any(char.IsSurrogate))
            yield return "beyond the BMP";
        if (text.Length > 1_000)
            yield return "very long";
    }
}
