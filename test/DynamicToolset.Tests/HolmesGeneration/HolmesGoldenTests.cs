using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.HolmesGeneration;

/// <summary>The file for HolmesGPT, case by case and for both targets. UPDATE_GOLDEN=1 writes the expected files anew.</summary>
public sealed class HolmesGoldenTests
{
    public static TheoryData<string> Cases => [.. HolmesGoldenCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_file_is_as_recorded_for_both_targets(string name)
    {
        var golden = new HolmesGoldenCase(name);
        Compare(golden, "compat.yaml", golden.Make(HolmesTarget.Compat).Text);
        Compare(golden, "current.yaml", golden.Make(HolmesTarget.Current).Text);
        Compare(golden, "left-out.txt", golden.LeftOut());
    }

    /// <summary>A base toolset that is not known is left out; the inventory is there as what it is.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void HolmesGPT_takes_the_file_as_it_is(string name)
    {
        var golden = new HolmesGoldenCase(name);
        foreach (HolmesTarget target in Enum.GetValues<HolmesTarget>())
        {
            HolmesFile file = golden.Make(target);
            Assert.False(file.IsRefused);
            Assert.Empty(HolmesLinter.Lint(file.Text, target, [.. golden.Bases.Where(b => b != "discovered/inventory" && file.LeftOut.All(o => o.Toolset != b))]));
            Assert.DoesNotContain("hunter2", file.Text + golden.LeftOut(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_files_mean_the_same_to_PyYAML_as_to_us()
    {
        var batch = new PyYamlBatch();
        foreach (HolmesGoldenCase golden in HolmesGoldenCase.Names.Select(n => new HolmesGoldenCase(n)))
        {
            foreach (HolmesTarget target in Enum.GetValues<HolmesTarget>())
                batch.Expect(golden.Make(target).Text, ToolsetJson.Read(golden.Make(target).Text));
        }

        batch.AssertUnderstood();
    }

    private static void Compare(HolmesGoldenCase golden, string file, string made)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(Path.Combine(Repository.Root, "test/DynamicToolset.Tests/HolmesGeneration/Golden", golden.Name, file), made);
        else
            Assert.Equal(golden.Read(file), made);
    }
}
