using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Manifests;
using DynamicToolset.Testing;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Manifests;

public sealed class ConfigMapManifestTests
{
    private static readonly ImmutableSortedDictionary<string, string> Nothing = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    [Theory]
    [InlineData("a: 1\n", "|\n    a: 1\n")]
    [InlineData("a: 1", "|-\n    a: 1\n")]
    [InlineData("a: 1\n\n", "|+\n    a: 1\n\n")]
    [InlineData("a\n\nb\n", "|\n    a\n\n    b\n")]
    [InlineData("\n\na\n", "|\n\n\n    a\n")]
    [InlineData("a\n  b\n", "|\n    a\n      b\n")]
    [InlineData("a  \nb \n", "|\n    a  \n    b \n")]
    [InlineData("a\n   \nb\n", "|\n    a\n       \n    b\n")]
    [InlineData("a\n\tb\tc\n", "|\n    a\n    \tb\tc\n")]
    [InlineData("é😀\n", "|\n    é😀\n")]
    [InlineData("", "\"\"\n")]
    [InlineData("\n", "\"\\n\"\n")]
    [InlineData(" a\n", "\" a\\n\"\n")]
    [InlineData("\n  a\n", "\"\\n  a\\n\"\n")]
    [InlineData("\ta\n", "\"\\ta\\n\"\n")]
    [InlineData("a\r\nb\r\n", "\"a\\r\\nb\\r\\n\"\n")]
    [InlineData("\uFEFFa\n", "\"\\uFEFFa\\n\"\n")]
    [InlineData("a\u0085b\u2028c\u2029\n", "\"a\\u0085b\\u2028c\\u2029\\n\"\n")]
    [InlineData("a\0b", "\"a\\u0000b\"\n")]
    public void A_text_is_a_literal_block_where_that_keeps_every_byte_and_quoted_elsewhere(string text, string written)
    {
        string yaml = Manifest(("k", text)).ToYaml();
        Assert.EndsWith($"data:\n  k: {written}", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_text_is_read_back_as_it_was_by_both_parsers()
    {
        string[] pieces = ["a", "b: c", " ", "  ", "\t", "\n", "\n\n", "\r\n", "\r", "# d", "- e", "---\n", "...\n", "%F\n", "|", ">", "\"", "'", "\\", "é", "😀", "\u0085", "\u2028", "\uFEFF", "\0", "${X}"];
        var batch = new PyYamlBatch();
        Chance.Try(3_000, random =>
        {
            (string, string)[] data = [.. Enumerable.Range(0, 3).Select(k => ($"k{k}", string.Concat(random.GetItems(pieces, random.Next(0, 9)))))];
            ConfigMapManifest manifest = Manifest(data);
            string yaml = manifest.ToYaml();
            Assert.Equal(data.Select(d => d.Item2), DataOf(YamlReader.Read(yaml)));
            Assert.Equal(data.Select(d => d.Item2), DataOf(YamlReader.Read(manifest.ToJson())));
            batch.Expect(yaml, JsonNode.Parse(manifest.ToJson())!);
        });

        batch.AssertUnderstood();
    }

    [Fact]
    public void Metadata_is_printed_where_there_is_any_and_the_data_keeps_its_order()
    {
        var manifest = new ConfigMapManifest(
            new ObjectKey("n", "true"),
            Nothing.Add("kubernaut.io/managed-by", "dynamic-toolset"),
            Nothing.Add("kubernaut.io/override-error", "overrides.yaml:1:2: \"x\" # y"),
            [KeyValuePair.Create("z", "1"), KeyValuePair.Create("a", "2")]);
        Assert.Equal(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: "true"
              namespace: "n"
              labels:
                "kubernaut.io/managed-by": "dynamic-toolset"
              annotations:
                "kubernaut.io/override-error": "overrides.yaml:1:2: \"x\" # y"
            data:
              z: |-
                1
              a: |-
                2

            """.ReplaceLineEndings("\n"),
            manifest.ToYaml());
        Assert.Equal(["z", "a"], JsonNode.Parse(manifest.ToJson())!["data"]!.AsObject().Select(d => d.Key));
    }

    [Fact]
    public void Data_without_a_key_is_an_empty_map() =>
        Assert.EndsWith("data: {}\n", Manifest().ToYaml(), StringComparison.Ordinal);

    private static IEnumerable<string> DataOf(YamlReading reading)
    {
        Assert.Null(reading.Problem);
        var data = Assert.IsType<YamlNode.Mapping>(Assert.IsType<YamlNode.Mapping>(Assert.Single(reading.Documents))["data"]);
        return data.Entries.Select(e => Assert.IsType<YamlNode.Scalar>(e.Value).Text);
    }

    private static ConfigMapManifest Manifest(params (string Key, string Text)[] data) =>
        new(new ObjectKey("n", "c"), Nothing, Nothing, [.. data.Select(d => KeyValuePair.Create(d.Key, d.Text))]);
}
