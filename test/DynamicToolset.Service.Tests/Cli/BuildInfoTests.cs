using DynamicToolset.Service.Observability;

namespace DynamicToolset.Service.Tests.Cli;

public sealed class BuildInfoTests
{
    [Theory]
    [InlineData("0.1.0+abc123", "0.1.0", "abc123")]
    [InlineData("0.1.0", "0.1.0", "unknown")]
    [InlineData("0.1.0+", "0.1.0", "unknown")]
    [InlineData("", "unknown", "unknown")]
    public void A_build_without_git_says_that_its_commit_is_unknown(string informationalVersion, string version, string commit)
    {
        BuildInfo build = BuildInfo.Of(informationalVersion);
        Assert.Equal((version, commit), (build.Version, build.Commit));
    }
}
