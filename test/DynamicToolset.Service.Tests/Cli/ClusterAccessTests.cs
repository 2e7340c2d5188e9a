using DynamicToolset.Service.Cli;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Service.Tests.Input;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Cli;

public sealed class ClusterAccessTests
{
    private static readonly Settings Settings = SettingsReading.Of(SettingsProfile.Service, new Dictionary<string, string>(), _ => null).Settings!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pipe_for_certificates_is_not_waited_for_for_ever()
    {
        using var folder = new PipeFolder();
        string pipe = folder.Make("ca.pem");
        var time = new FakeTimeProvider();
        Task<IProber> creating = Task.Run(() => ClusterAccess.CreateProber(Settings with { HealthCheckCaFile = pipe }, null, time), Stop);
        await TestCluster.EventuallyAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return creating.IsCompleted;
            },
            "it is given up");
        ClusterException error = await Assert.ThrowsAsync<ClusterException>(() => creating);
        Assert.Equal(
            $"HEALTH_CHECK_CA_FILE: \"{pipe}\": cannot be read: it is a pipe, and did not come to its end within 10 seconds; a PEM file with CA certificates is needed", error.Message);
    }
}
