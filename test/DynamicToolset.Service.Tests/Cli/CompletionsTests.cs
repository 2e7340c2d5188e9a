using DynamicToolset.Service.Cli;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Tests.Cli;

public sealed class CompletionsTests
{
    public static TheoryData<string> Commands => ["run", "sandbox", "generate", "diff", "explain", "status", "validate", "replay", "version", "completion"];

    [Fact]
    public void The_first_word_is_a_command_and_each_is_explained()
    {
        Assert.Equal(Commands.Select(row => row.Data).Order(StringComparer.Ordinal), Words(""));
        Assert.All(Lines(""), line => Assert.Matches("^[a-z]+\t[a-z].+$", line));
    }

    [Theory, MemberData(nameof(Commands))]
    public void What_the_help_of_a_command_lists_is_offered(string command)
    {
        IEnumerable<string> told = HelpPage.Of(command).Split('\n').Aggregate(new List<HelpEntry>(), HelpEntries.Add).SelectMany(e => e.Names.Split(", "));
        Assert.Empty(told.Except(Words(command, "-")));
    }

    [Theory, MemberData(nameof(Commands))]
    public void What_is_offered_is_explained(string command) =>
        Assert.All(Lines(command, "-"), line => Assert.Contains('\t', line));

    [Fact]
    public void Every_setting_of_a_few_words_offers_them_and_every_path_offers_files()
    {
        Assert.All(Settings.Definitions.Where(s => !s.IsSecret), setting =>
        {
            string[] values = setting.IsPath ? [":files"] : [.. setting.Choices.Order(StringComparer.Ordinal)];
            Assert.Equal(values, Words("run", $"--{setting.Flag}", ""));
            Assert.Equal(setting.IsPath ? values : values.Select(value => $"--{setting.Flag}={value}"), Words($"--{setting.Flag}=d"));
        });
        Assert.Equal(["apiserver-proxy", "auto", "direct"], Words("--health-check-mode", ""));
        Assert.Equal([":files"], Words("--config", ""));
        Assert.Equal(["false", "true"], Words("--health-panic", ""));
    }

    [Theory]
    [InlineData("--holmes-reload-api-key", "--holmes-")]
    [InlineData("--probe", "generate", "--probe", "-")]
    [InlineData("-o", "generate", "--output=json", "-")]
    [InlineData("--port", "--port", "1", "-")]
    [InlineData("--probe", "generate", "--", "-")]
    public void A_secret_a_flag_that_was_given_and_one_behind_two_dashes_are_not_offered(string flag, params string[] words) =>
        Assert.DoesNotContain(flag, Words(words));

    [Theory]
    [InlineData("json yaml", "generate", "-o", "")]
    [InlineData("json table", "explain", "a/b", "--output", "j")]
    [InlineData("-o=json -o=text", "diff", "-o=")]
    [InlineData(":files", "generate", "-f", "a", "-f", "b")]
    [InlineData(":files", "validate", "a.yaml", "")]
    [InlineData(":files", "validate", "--", "-")]
    [InlineData("bash fish zsh", "completion", "")]
    [InlineData("", "generat", "")]
    [InlineData("", "explain", "monitoring/gr")]
    [InlineData("", "run", "--port", "")]
    [InlineData("", "--unknown=")]
    public void A_place_has_its_words(string offered, params string[] words) => Assert.Equal(offered, string.Join(' ', Words(words)));

    [Fact]
    public void Help_is_offered_for_each_command() => Assert.Equal(Words(""), Words("help", ""));

    [Fact]
    public void A_flag_may_come_twice_where_it_counts_twice() => Assert.Contains("--filename", Words("generate", "-f", "a", "--"));

    /// <summary>Half a line is often one that would be refused.</summary>
    [Fact]
    public void No_line_is_a_fault()
    {
        string[] pieces = ["", "-", "--", "-f", "-o", "-n", "a", "a b", "--all", "--all=x", "--url", "--probe=maybe", "=", "--=", "@a", "[suggest]", "help", "\"", "\t", "ü\n"];
        string[][] lines = [.. Commands.Select(row => row.Data).Concat(["--", "help", ""]).SelectMany(c => pieces.SelectMany(a => pieces.Select(b => new[] { c, a, b })))];
        var commandLine = new CommandLine(_ => throw new InvalidOperationException("settings are read"));
        Assert.All(lines.SelectMany(line => commandLine.Complete(line).Split('\n')[..^1]).Distinct(), line => Assert.Matches("^(:files|[a-zA-Z-][a-zA-Z/=-]*(\t[^\t]+)?)$", line));
    }

    [Fact]
    public async Task The_program_answers_whatever_its_environment_is()
    {
        (int, string, string) answer = await BuiltProgram.RunAsync(
            [("CONFIG_FILE", "/none"), ("KUBECONFIG", "/none"), ("LOG_LEVEL", "x"), ("PORT", "x")], "__complete", "status", "--ur");
        Assert.Equal((0, "", true), (answer.Item1, answer.Item3, answer.Item2.Contains("\n--url\tAsk the REST API", StringComparison.Ordinal)));
    }

    private static string[] Lines(params string[] words) => new CommandLine(_ => null).Complete(words).Split('\n')[..^1];

    private static IEnumerable<string> Words(params string[] words) => Lines(words).Select(line => line.Split('\t')[0]);
}
