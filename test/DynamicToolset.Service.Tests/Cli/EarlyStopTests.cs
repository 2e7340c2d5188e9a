using DynamicToolset.Service.Cli;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Tests.Hosting;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>A signal that comes before there was anything to stop.</summary>
public sealed class EarlyStopTests
{
    private static readonly CancellationToken Stopped = new(canceled: true);

    [Fact]
    public async Task The_service_has_stopped_in_order()
    {
        await using TestCluster cluster = await TestCluster.StartAsync();
        Settings settings = Read(SettingsProfile.Service) with { Kubeconfig = cluster.Kubeconfig, Port = 0 };
        Assert.Equal(ExitCode.Success, await RunCommand.ExecuteAsync(new RunRequest(settings, IsDryRun: false, IsConfirmed: false), Stopped));
    }

    [Fact]
    public async Task The_sandbox_has_stopped_in_order() =>
        Assert.Equal(ExitCode.Success, await SandboxCommand.ExecuteAsync(new SandboxRequest(Read(SettingsProfile.Sandbox), Once: false, new ManifestPaths([])), Stopped));

    [Fact]
    public async Task A_sandbox_that_was_to_print_a_ConfigMap_has_not_done_so() => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        () => SandboxCommand.ExecuteAsync(new SandboxRequest(Read(SettingsProfile.Sandbox), Once: true, new ManifestPaths([])), Stopped));

    private static Settings Read(SettingsProfile profile) =>
        SettingsReading.Of(profile, new Dictionary<string, string>(), _ => null).Settings!;
}
