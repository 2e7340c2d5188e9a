using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Tests.Options;

public sealed class SettingsFileTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("# nothing but a comment\n", "")]
    [InlineData("PORT: 8081", "PORT=8081 at my.yaml:1:7")]
    [InlineData("---\nPORT: \"8081\"\n", "PORT=8081 at my.yaml:2:7")]
    [InlineData("NAMESPACES: a, b", "NAMESPACES=a, b at my.yaml:1:13")]
    [InlineData("NAMESPACES: [a, b]", "NAMESPACES=a,b at my.yaml:1:13")]
    [InlineData("NAMESPACES:\n  - a\n  - b", "NAMESPACES=a,b at my.yaml:2:3")]
    [InlineData("NAMESPACES: []", "NAMESPACES= at my.yaml:1:13")]
    [InlineData("HEALTH_CHECK_ENABLED: false\nLOG_LEVEL: warn", "HEALTH_CHECK_ENABLED=false at my.yaml:1:23;LOG_LEVEL=warn at my.yaml:2:12")]
    public void Values_and_lists_of_values_are_read_with_their_place(string text, string expected)
    {
        SettingsFile file = SettingsFile.Parse("my.yaml", text);
        Assert.Empty(file.Problems);
        Assert.Equal(expected, string.Join(';', file.Entries
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => $"{entry.Key}={entry.Value.Text} at {entry.Value.Place}")));
    }

    [Theory]
    [InlineData("PORTT: 1", "my.yaml:1:1: unknown setting \"PORTT\" (did you mean PORT?)")]
    [InlineData("port: 1", "my.yaml:1:1: unknown setting \"port\" (did you mean PORT?)")]
    [InlineData("colour: red", "my.yaml:1:1: unknown setting \"colour\"")]
    [InlineData("PORT: 1\nPORT: 2", "my.yaml:2:1: This key is there twice")]
    [InlineData("PORT: [1]", "my.yaml:1:7: PORT takes one value, not a list")]
    [InlineData("PORT: {a: 1}", "my.yaml:1:7: PORT takes one value")]
    [InlineData("NAMESPACES: {a: 1}", "my.yaml:1:13: NAMESPACES takes a value or a list of values without commas")]
    [InlineData("NAMESPACES: [a, [b]]", "my.yaml:1:13: NAMESPACES takes a value or a list of values without commas")]
    [InlineData("NAMESPACES: ['a,b']", "my.yaml:1:13: NAMESPACES takes a value or a list of values without commas")]
    [InlineData("NAMESPACES: [a, ~]", "my.yaml:1:13: NAMESPACES takes a value or a list of values without commas")]
    [InlineData("CONFIG_FILE: other.yaml", "my.yaml:1:14: CONFIG_FILE cannot stand in the file itself")]
    [InlineData("- PORT", "my.yaml:1:1: expected one map of settings, such as \"PORT: 8080\"")]
    [InlineData("PORT: 1\n---\nLOG_LEVEL: warn", "my.yaml:3:1: expected one map of settings, such as \"PORT: 8080\"")]
    public void A_mistake_is_told_with_its_place(string text, string problem) =>
        Assert.Equal([problem], SettingsFile.Parse("my.yaml", text).Problems);

    [Fact]
    public void Text_that_is_no_YAML_is_told_with_its_place() =>
        Assert.StartsWith("my.yaml:2:", SettingsFile.Parse("my.yaml", "PORT: 1\nLOG_LEVEL: ]").Problems.Single(), StringComparison.Ordinal);
}
