using System.Text.RegularExpressions;
using DynamicToolset.Service.Tests.Cli;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Docs;

/// <summary>
/// What README and the pages print of the program runs as it is pasted in a clone. The lines of <c>docs/operations.md</c> and those with a URL or
/// a context belong to several processes or clusters: they are run by the scenarios and by the tests of several clusters. What reads a file that an
/// earlier line made is left out.
/// </summary>
public sealed partial class PrintedLineTests
{
    public static TheoryData<string> Lines =>
    [
        .. Pages().SelectMany(p => Block().Matches(File.ReadAllText(p))).SelectMany(b => b.Groups[1].Value.Split('\n'))
            .Where(l => Program().IsMatch(l) && !Elsewhere().IsMatch(l)).Distinct().Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void The_lines_are_found() => Assert.True(Lines.Count >= 15, $"{Lines.Count} lines");

    [Theory, MemberData(nameof(Lines))]
    public async Task A_printed_line_is_taken_as_it_is_pasted(string line)
    {
        await using TestCluster cluster = await TestCluster.StartWithTwoAsync();
        string text = line.Replace("NAMESPACE/NAME", "monitoring/prometheus").Replace("FILE...", "examples/overrides.yaml");
        // It would run until it is stopped.
        string ended = Runs().IsMatch(text) ? $"dynamic-toolset() {{ command dynamic-toolset \"$@\" --print-config; }}; {text}" : text;
        (int exitCode, string output, string error) = await BuiltProgram.RunAsync(
            "bash",
            [
                ("KUBECONFIG", cluster.Kubeconfig),
                ("PATH", $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}"),
            ],
            ["-c", $"cd '{RepositoryRoot.Path}' && {ended}"]);
        Assert.True(exitCode == 0 || (exitCode == 1 && text.Contains(" diff", StringComparison.Ordinal)), $"{line}: {exitCode}\n{error}");
        Assert.NotEmpty(output + error);
    }

    private static IEnumerable<string> Pages() =>
        Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "docs"), "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "docs", "runbooks"), "*.md"))
            .Append(Path.Combine(RepositoryRoot.Path, "README.md"))
            .Where(p => Path.GetFileName(p) != "operations.md");

    [GeneratedRegex("(?ms)^```[a-z]*\n(.*?)^```")]
    private static partial Regex Block();

    [GeneratedRegex("^dynamic-toolset ")]
    private static partial Regex Program();

    [GeneratedRegex("--url|--context|--holmes FILE|-f services.yaml|replay rounds|replay /tmp/journal")]
    private static partial Regex Elsewhere();

    [GeneratedRegex("^dynamic-toolset run\\b")]
    private static partial Regex Runs();
}
