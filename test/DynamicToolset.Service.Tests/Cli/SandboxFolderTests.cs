namespace DynamicToolset.Service.Tests.Cli;

public sealed class SandboxFolderTests
{
    /// <summary>As in a container whose root is read-only.</summary>
    [Fact]
    public async Task Where_no_kubeconfig_can_be_written_the_sandbox_says_what_to_do()
    {
        (int code, string _, string error) = await BuiltProgram.RunAsync([("TMPDIR", "/there/is/none/")], "sandbox", "--once");
        Assert.Equal((2, "dynamic-toolset sandbox: nothing can be written in /there/is/none/; set TMPDIR to a folder that you may write to\n"), (code, error));
    }
}
