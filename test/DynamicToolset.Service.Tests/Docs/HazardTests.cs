using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using DynamicToolset.Docs;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Docs;

/// <summary>What the page on reliability names is there.</summary>
public sealed class HazardTests
{
    private const int Known = 39;

    private static readonly ConcurrentDictionary<string, string[]> Read = new();

    private static IEnumerable<Hazard> All => Hazards.All.SelectMany(group => group.Hazards);

    public static TheoryData<string> Ids => [.. Enumerable.Range(1, Known).Select(i => $"H{i}")];

    [Fact]
    public void Each_known_hazard_is_told_of_once() => Assert.Equal(Ids.Select(row => row.Data).Order(StringComparer.Ordinal), All.Select(h => h.Id).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Ids))]
    public void Each_has_a_test_that_is_there_and_a_planted_fault_that_names_it(string id)
    {
        Hazard hazard = All.Single(h => h.Id == id);
        Assert.Equal(hazard.IsBuilt, hazard.Proofs.Length > 0);
        Assert.All(hazard.Proofs, proof =>
        {
            Assert.True(Declares(proof.Project, proof.Class, proof.Method), $"{proof.Project} has no test {proof.Test}");
            string patch = Path.Combine(RepositoryRoot.Path, proof.Patch);
            Assert.True(File.Exists(patch), $"there is no {proof.Patch}");
            Assert.Contains(proof.Class, CatchersIn(patch));
        });
    }

    [Theory]
    [InlineData("HazardTests", "Each_known_hazard_is_told_of_once", true)]
    [InlineData("HazardTests", "Each_known_hazard_is_told_of", false)]
    [InlineData("GeneratedPageTests", "Each_known_hazard_is_told_of_once", false)]
    [InlineData("SimulatedDeployedServiceTests", "Drift_is_repaired", true)]
    [InlineData("NoSuchTests", "Drift_is_repaired", false)]
    public void A_test_is_found_in_its_class_or_the_one_that_it_derives_from(string type, string method, bool isThere) =>
        Assert.Equal(isThere, Declares("DynamicToolset.Service.Tests", type, method));

    /// <summary>By the text: most of the projects are not known here. What stands behind an attribute is a test.</summary>
    private static bool Declares(string project, string type, string method)
    {
        string[] files = [.. Sources(project).Where(text => Regex.IsMatch(text, $@"\bclass {type}\b"))];
        if (files.Any(text => Regex.IsMatch(text, $@"\]\s+public (async )?(void|Task) {method}\(")))
            return true;
        string? parent = files.Select(text => Regex.Match(text, $@"\bclass {type}(?:\([^)]*\))?\s*:\s*(\w+)")).FirstOrDefault(m => m.Success)?.Groups[1].Value;
        return parent is not null && Declares(project, parent, method);
    }

    private static string[] Sources(string project) => Read.GetOrAdd(
        project, static p => [.. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "test", p), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)]);

    private static string[] CatchersIn(string patch) =>
        [.. File.ReadLines(patch).Where(line => line.StartsWith("# caught by: ", StringComparison.Ordinal)).SelectMany(line => line["# caught by: ".Length..].Split(", "))];
}
