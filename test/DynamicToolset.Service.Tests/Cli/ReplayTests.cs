using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>The command as it was built: on what it has recorded just now, and on a file that stays as it is for ever.</summary>
public sealed class ReplayTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "test", "DynamicToolset.Service.Tests", "Journal");

    /// <summary>
    /// It was recorded once, and every later version must read it. A version that decides differently shows it here: UPDATE_GOLDEN=1 updates the text, but
    /// never the journal.
    /// </summary>
    [Theory]
    [InlineData("recorded-1.txt")]
    [InlineData("recorded-1-round.json", "--round", "4", "-o", "json")]
    [InlineData("recorded-1-explained.txt", "--explain", "monitoring/grafana")]
    public async Task What_was_recorded_once_reads_as_it_is_written_down(string golden, params string[] arguments)
    {
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], ["replay", Path.Combine(Folder, "recorded-1.jsonl"), .. arguments]);
        string path = Path.Combine(Folder, golden);
        output = Regex.Replace(output, "The journal was recorded by .*\n", "");
        output = Regex.Replace(output, "\"The journal was recorded by [^\"]*\",\\s*", "");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            await File.WriteAllTextAsync(path, output, TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), output);
        Assert.Equal(("", 0), (error, exitCode));
    }

    [Fact]
    public async Task What_a_service_did_is_decided_again_from_its_journal()
    {
        using var folder = new TestFolder();
        await using (TestCluster cluster = await TestCluster.StartWithTwoAsync())
        {
            using Process process = BuiltProgram.Start(
            [
                ("KUBECONFIG", cluster.Kubeconfig), ("PORT", "0"), ("METRICS_PORT", "0"), ("SHUTDOWN_DELAY", "0s"), ("JOURNAL_DIR", folder.Path),
                ("HEALTH_CHECK_MODE", "direct"), ("HEALTH_CHECK_ALLOWED_NETWORKS", "127.0.0.0/8"),
                ("HEALTH_CHECK_RESOLVE", $"grafana.monitoring:3000={cluster.BackendAddress("grafana.monitoring")},prometheus.monitoring:9090={cluster.BackendAddress("prometheus.monitoring")}"),
            ], "run", "--yes");
            process.OutputDataReceived += static (_, _) => { };
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await TestCluster.EventuallyAsync(() => cluster.Keys().Contains("grafana-toolset.yaml"), "the toolset is there");
            cluster.SetData("grafana-toolset.yaml", "mine");
            await TestCluster.EventuallyAsync(() => cluster.Data("grafana-toolset.yaml") != "mine", "it is repaired");
            await BuiltProgram.SignalAsync(process, "TERM");
            await BuiltProgram.WaitAsync(process);
            Assert.Equal(0, process.ExitCode);
        }

        string journal = Assert.Single(Directory.GetFiles(folder.Path));
        (int exitCode, string text, string error) = await BuiltProgram.RunAsync([], "replay", journal);
        Assert.Equal(("", 0), (error, exitCode));
        Assert.Matches("(?m)^  decision   create$", text);
        Assert.Matches("(?m)^ {13}repairs modified grafana-toolset.yaml", text);
        Assert.EndsWith("all decided as recorded.\n", text, StringComparison.Ordinal);

        (exitCode, string json, _) = await BuiltProgram.RunAsync([], "replay", journal, "-o", "json");
        JsonArray rounds = JsonNode.Parse(json)!["rounds"]!.AsArray();
        Assert.Equal((0, true), (exitCode, rounds.All(r => r!["same"]!.GetValue<bool>())));
        long last = rounds[^1]!["round"]!.GetValue<long>();

        (_, string explained, _) = await BuiltProgram.RunAsync([], "replay", journal, "--round", last.ToString(CultureInfo.InvariantCulture), "--explain", "monitoring/grafana");
        Assert.StartsWith($"As of round {last}, ", explained, StringComparison.Ordinal);
        Assert.Contains("monitoring/grafana: grafana\n", explained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_that_is_another_one_ends_it_with_1_and_is_shown_beside_the_recorded_one()
    {
        using var folder = new TestFolder();
        string text = await File.ReadAllTextAsync(Path.Combine(Folder, "recorded-1.jsonl"), TestContext.Current.CancellationToken);
        string file = folder.Write("a.jsonl", text.Replace("\"step\":\"create\"", "\"step\":\"none\"", StringComparison.Ordinal));
        (int exitCode, string output, _) = await BuiltProgram.RunAsync([], "replay", file);
        Assert.Equal(1, exitCode);
        Assert.Contains("  different  step: create instead of none\n", output, StringComparison.Ordinal);
        Assert.Matches("[12] of [0-9]+ rounds (is|are) decided differently from the record: [0-9, ]+\\.\n$", output);
    }

    [Theory]
    [InlineData("dynamic-toolset replay: name a file of JOURNAL_DIR, or that directory; see dynamic-toolset replay --help\n")]
    [InlineData("/no/such.jsonl no such file or directory\n", "/no/such.jsonl")]
    [InlineData("dynamic-toolset replay: --explain takes NAMESPACE/NAME, not \"grafana\"; see dynamic-toolset replay --help\n", "x", "--explain", "grafana")]
    public async Task What_cannot_be_done_is_told_in_one_line(string told, params string[] arguments)
    {
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], ["replay", .. arguments]);
        Assert.Equal((2, "", told), (exitCode, output, error));
    }

    [Fact]
    public async Task A_round_that_is_not_there_is_told_with_those_that_are()
    {
        string file = Path.Combine(Folder, "recorded-1.jsonl");
        (int exitCode, _, string error) = await BuiltProgram.RunAsync([], "replay", file, "--round", "999");
        Assert.Equal(2, exitCode);
        Assert.StartsWith($"{file}: no round 999 in it: the rounds are 1 to ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_begun_ends_the_start()
    {
        (int exitCode, _, string error) = await BuiltProgram.RunAsync([("JOURNAL_DIR", "/no/such")], "sandbox", "--once");
        Assert.Equal((2, "JOURNAL_DIR: there is no directory \"/no/such\": create it, or remove the setting\n"), (exitCode, error));
    }
}
