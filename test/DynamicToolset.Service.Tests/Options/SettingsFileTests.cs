using DynamicToolset.Service.Options;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tests.Input;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Options;

public sealed class SettingsFileTests
{
    private const string Advice = "; name a YAML file with settings, such as \"PORT: 8080\", or leave it out";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

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
    [InlineData("'a\\b': 1", "my.yaml:1:1: unknown setting \"a\\\\b\"")]
    [InlineData("\"a\\nb\": 1", "my.yaml:1:1: unknown setting \"a\\u000ab\"")]
    [InlineData("colour: red", "my.yaml:1:1: unknown setting \"colour\"")]
    [InlineData("PORT: 1\nPORT: 2", "my.yaml:2:1: This key is a duplicate of line 1: keep one of them")]
    [InlineData("PORT: [1]", "my.yaml:1:7: PORT takes one value, no list and no map; allowed: a whole number from 0 to 65535")]
    [InlineData("PORT: {a: 1}", "my.yaml:1:7: PORT takes one value, no list and no map; allowed: a whole number from 0 to 65535")]
    [InlineData("NAMESPACES: {a: 1}", "my.yaml:1:13: NAMESPACES takes a value or a list of values without commas; allowed: a comma list of namespaces (DNS labels: a-z, 0-9 and '-'), or empty")]
    [InlineData("NAMESPACES: [a, [b]]", "my.yaml:1:13: NAMESPACES takes a value or a list of values without commas; allowed: a comma list of namespaces (DNS labels: a-z, 0-9 and '-'), or empty")]
    [InlineData("NAMESPACES: ['a,b']", "my.yaml:1:13: NAMESPACES takes a value or a list of values without commas; allowed: a comma list of namespaces (DNS labels: a-z, 0-9 and '-'), or empty")]
    [InlineData("NAMESPACES: [a, ~]", "my.yaml:1:13: NAMESPACES takes a value or a list of values without commas; allowed: a comma list of namespaces (DNS labels: a-z, 0-9 and '-'), or empty")]
    [InlineData("CONFIG_FILE: other.yaml", "my.yaml:1:14: CONFIG_FILE cannot be set in the file itself")]
    [InlineData("- PORT", "my.yaml:1:1: expected one map of settings, such as \"PORT: 8080\"")]
    [InlineData("PORT: 1\n---\nLOG_LEVEL: warn", "my.yaml:3:1: expected one map of settings, such as \"PORT: 8080\"")]
    public void A_mistake_is_told_with_its_place(string text, string problem) =>
        Assert.Equal([problem], SettingsFile.Parse("my.yaml", text).Problems);

    [Fact]
    public void Text_that_is_no_YAML_is_told_with_its_place() =>
        Assert.StartsWith("my.yaml:2:", SettingsFile.Parse("my.yaml", "PORT: 1\nLOG_LEVEL: ]").Problems.Single(), StringComparison.Ordinal);

    /// <summary>A shell makes one of <c>--config &lt;(command)</c>.</summary>
    [Fact]
    public async Task A_pipe_with_a_writer_is_read_to_its_end()
    {
        using var folder = new PipeFolder();
        string pipe = folder.Make("settings.yaml");
        Task<SettingsFile> reading = Task.Run(() => SettingsFile.Open(pipe, new FakeTimeProvider()), Stop);
        await File.WriteAllTextAsync(pipe, "PORT: 8081", Stop);
        Assert.Equal("8081", (await reading).Entries["PORT"].Text);
    }

    [Fact]
    public async Task A_pipe_without_a_writer_is_not_waited_for_for_ever()
    {
        using var folder = new PipeFolder();
        string pipe = folder.Make("settings.yaml");
        var time = new FakeTimeProvider();
        Task<SettingsFile> reading = Task.Run(() => SettingsFile.Open(pipe, time), Stop);
        await TestCluster.EventuallyAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return reading.IsCompleted;
            },
            "it is given up");
        Assert.Equal([$"CONFIG_FILE: \"{pipe}\": cannot be read: it is a pipe, and did not end within 10 seconds{Advice}"], (await reading).Problems);
    }

    [Fact]
    public void What_is_no_settings_file_is_told()
    {
        using var folder = new PipeFolder();
        File.WriteAllText(Path.Combine(folder.Path, "large"), new string('#', (1024 * 1024) + 1));
        File.WriteAllBytes(Path.Combine(folder.Path, "binary"), [0xFF, 0xFE]);
        Assert.Equal([$"CONFIG_FILE: \"/dev/zero\": cannot be read: it has more than 1 MiB{Advice}"], Open("/dev/zero"));
        Assert.Equal([$"CONFIG_FILE: \"{folder.Path}/large\": cannot be read: it has more than 1 MiB{Advice}"], Open($"{folder.Path}/large"));
        Assert.Equal([$"{folder.Path}/binary:1:1: this is not UTF-8"], Open($"{folder.Path}/binary"));
        Assert.Equal([$"CONFIG_FILE: \"{folder.Path}\": is a directory, but a file is needed here{Advice}"], Open(folder.Path));
        Assert.Equal([$"CONFIG_FILE: \"{folder.Path}/missing\": no such file or directory{Advice}"], Open($"{folder.Path}/missing"));
        Assert.Empty(Open("/dev/null"));

        static IEnumerable<string> Open(string path) => SettingsFile.Open(path, new FakeTimeProvider()).Problems;
    }
}
