using System.Text.RegularExpressions;
using DynamicToolset.Manifests;
using DynamicToolset.Service.Observability;
using DynamicToolset.Testing;
using DynamicToolset.Yaml;

namespace DynamicToolset.Service.Tests.SupplyChain;

/// <summary>The workflows cannot be run here. What can be said of them without that is said.</summary>
public sealed partial class WorkflowTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, ".github", "workflows");

    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_can_be_read(string name)
    {
        YamlReading reading = YamlReader.Read(Text(name), ServiceManifests.Nodes);
        Assert.Null(reading.Problem);
        Assert.Single(reading.Documents);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_targets_and_scripts_that_it_calls_are_there(string name)
    {
        string makefile = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "Makefile"));
        Assert.All(MakeTargets().Matches(Text(name)), call => Assert.Matches($"(?m)^{call.Groups[1].Value}:", makefile));
        IEnumerable<string> scripts = Scripts().Matches(Text(name)).Select(call => Path.Combine(RepositoryRoot.Path, call.Groups[1].Value));
        Assert.All(scripts, script => Assert.True(File.Exists(script), script));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_may_only_read_unless_a_job_says_more(string name) =>
        Assert.Contains("\npermissions:\n  contents: read\n\n", Text(name), StringComparison.Ordinal);

    /// <summary>A tag can be moved. One without a hash has the command beside it that tells the hash.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void An_action_is_pinned_or_says_how_to(string name)
    {
        string[] lines = Text(name).Split('\n');
        Assert.All(
            Enumerable.Range(0, lines.Length).Where(i => lines[i].Contains("uses: ", StringComparison.Ordinal)),
            i => Assert.True(Pinned().IsMatch(lines[i]) || lines[i].Contains("uses: ./", StringComparison.Ordinal) || lines[i - 1].Contains("# To pin: ", StringComparison.Ordinal), lines[i]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_others_write_is_part_of_no_command(string name) => Assert.DoesNotContain(
        Expressions().Matches(Text(name)).Select(match => match.Groups[1].Value),
        expression => expression.StartsWith("github.event", StringComparison.Ordinal) || expression == "github.head_ref");

    [Theory]
    [MemberData(nameof(Names))]
    public void No_token_stays_in_the_clone(string name) => Assert.Equal(
        Regex.Count(Text(name), "uses: actions/checkout@"), Regex.Count(Text(name), "persist-credentials: false"));

    [Fact]
    public void Manifests_name_the_version_that_is_built()
    {
        string[] manifests = [.. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "deploy"), "*.yaml", SearchOption.AllDirectories)];
        string[] versions = [.. manifests.SelectMany(file => OwnImages().Matches(File.ReadAllText(file))).Select(image => image.Groups[1].Value)];
        Assert.NotEmpty(versions);
        Assert.All(versions, v => Assert.Equal(BuildInfo.Current.Version, v));
    }

    private static string Text(string name) => File.ReadAllText(Path.Combine(Folder, name));

    [GeneratedRegex(@"\bmake ([a-z][a-z-]*)")]
    private static partial Regex MakeTargets();

    [GeneratedRegex(@"run: ([.\w/-]+/[\w.-]+)")]
    private static partial Regex Scripts();

    [GeneratedRegex("uses: [^@ ]+@[0-9a-f]{40} # v[0-9.]+$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"\$\{\{ *([^} ]+)")]
    private static partial Regex Expressions();

    [GeneratedRegex(@"\bimage: ""?(?:\S*/)?dynamic-toolset:(\d[\w.-]*)")]
    private static partial Regex OwnImages();
}
