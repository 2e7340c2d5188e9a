using DynamicToolset.Holmes;

namespace DynamicToolset.Tests.Holmes;

public sealed class BuiltInToolsetsTests
{
    [Theory]
    [InlineData("kubernetes/core", null, null)]
    [InlineData("servicenow/tables", null, null)]
    [InlineData("kubectl-run", "is not in the releases of 2025", null)]
    [InlineData("elasticsearch/data", "is not in the releases of 2025", null)]
    [InlineData("git", "was removed in the releases of 2026", "was removed in the releases of 2026")]
    [InlineData("aws/security", "was removed in the releases of 2026", "was removed in the releases of 2026")]
    [InlineData("docker/core", "is only for HolmesGPT's command line", "is only for HolmesGPT's command line")]
    [InlineData("aks/node-health", "is only for HolmesGPT's command line", "is only for HolmesGPT's command line")]
    [InlineData("inspektor-gadget/node", "is not in the releases of 2025", "is only for HolmesGPT's command line")]
    [InlineData("prometheus", "is not a toolset of HolmesGPT: write prometheus/metrics", "is not a toolset of HolmesGPT: write prometheus/metrics")]
    [InlineData("mine", "is not a toolset of HolmesGPT", "is not a toolset of HolmesGPT")]
    public void A_base_toolset_must_be_on_a_server_of_the_target(string name, string? compat, string? current)
    {
        AssertProblem(compat, BuiltInToolsets.ProblemWith(name, HolmesTarget.Compat));
        AssertProblem(current, BuiltInToolsets.ProblemWith(name, HolmesTarget.Current));
    }

    private static void AssertProblem(string? expected, string? actual)
    {
        if (expected is null)
            Assert.Null(actual);
        else
            Assert.StartsWith(expected, actual, StringComparison.Ordinal);
    }
}
