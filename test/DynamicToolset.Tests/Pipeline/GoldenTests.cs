using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Pipeline;

/// <summary>
/// Each folder under Golden is a case. With the environment variable UPDATE_GOLDEN=1 the expected files are written anew in the
/// repository, so that a review shows what a change does to every ConfigMap.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Cases => [.. GoldenCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_ConfigMap_and_the_plan_are_as_recorded(string name)
    {
        var golden = new GoldenCase(name);
        Compare(name, "expected.yaml", golden.Read("expected.yaml"), golden.Expected);
        Compare(name, "plan.txt", golden.Read("plan.txt"), golden.Plan);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_admin_s_text_is_byte_for_byte_what_it_was(string name)
    {
        var golden = new GoldenCase(name);
        Assert.Equal(golden.OverridesText, golden.Result?.Data.GetValueOrDefault(ToolsetKey.Overrides));
    }

    [Fact]
    public void The_cases_mean_the_same_to_PyYAML_as_to_us()
    {
        var batch = new PyYamlBatch();
        foreach (GoldenCase golden in GoldenCase.Names.Select(n => new GoldenCase(n)).Where(g => g.Result is not null))
        {
            batch.Expect(golden.Expected, ToolsetJson.Read(golden.Expected));
            foreach ((_, string text) in golden.Result!.Data.Where(d => ToolsetKey.IsOurs(d.Key)))
                batch.Expect(text, ToolsetJson.Read(text));
        }

        batch.AssertUnderstood();
    }

    /// <summary>The texts of the overview's example output, with its comments.</summary>
    [Theory]
    [InlineData("kubernetes", "toolset: kubernetes\nenabled: true\nconfig:\n  incluster: true\n  namespaces: [\"*\"]\n")]
    [InlineData("prometheus", "toolset: prometheus\nenabled: true\nconfig:\n  url: \"http://prometheus.monitoring:9090\"\n  timeout: \"30s\"\n")]
    [InlineData("grafana", "toolset: grafana\nenabled: true\nconfig:\n  url: \"http://grafana.monitoring:3000\"\n  apiKey: \"${GRAFANA_API_KEY}\"  # From Secret\n")]
    public void The_overview_s_example_comes_out_with_its_keys_in_its_order(string toolset, string text)
    {
        string made = new GoldenCase("overview").Result!.Data[ToolsetKey.Of(toolset)];
        Assert.Equal(ToolsetJson.Read(text)!.ToJsonString(), ToolsetJson.Read(made)!.ToJsonString());
        Assert.Equal(text.Replace("  # From Secret", "", StringComparison.Ordinal), made[(made.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
    }

    private static void Compare(string name, string file, string? recorded, string made)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllBytes(Path.Combine(Repository.Root, "test/DynamicToolset.Tests/Golden", name, file), Encoding.UTF8.GetBytes(made));
            return;
        }

        if (recorded != made)
            Assert.Fail($"test/DynamicToolset.Tests/Golden/{name}/{file} differs (UPDATE_GOLDEN=1 writes it anew):\n{Difference(recorded ?? "", made)}");
    }

    /// <summary>The lines that differ, with one line before them.</summary>
    private static string Difference(string recorded, string made)
    {
        string[] left = recorded.Split('\n'), right = made.Split('\n');
        int start = left.Zip(right).TakeWhile(p => p.First == p.Second).Count();
        int longestEnd = Math.Min(left.Length, right.Length) - start;
        int end = left.Reverse().Zip(right.Reverse()).Take(longestEnd).TakeWhile(p => p.First == p.Second).Count();
        return string.Join(
            '\n',
            left[Math.Max(0, start - 1)..start].Select(l => "  " + l)
                .Concat(left[start..^end].Select(l => "- " + l))
                .Concat(right[start..^end].Select(l => "+ " + l)));
    }
}
