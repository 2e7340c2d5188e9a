using System.Diagnostics;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Kubernetes.Tests.Informers;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Config;

public sealed class BoundedInputTests
{
    [Fact]
    public async Task A_pipe_into_which_nobody_writes_is_not_waited_for_without_end()
    {
        using var folder = new TestFolder();
        string pipe = Path.Combine(folder.Path, "pipe");
        using (Process made = Process.Start("mkfifo", [pipe]))
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        var time = new ParkingTime();
        Task<byte[]> reading = Task.Run(() => BoundedInput.ReadBytes(pipe, ConnectionBounds.Kubeconfig, time), TestContext.Current.CancellationToken);
        await time.ParkedAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(10));
        IOException error = await Assert.ThrowsAsync<IOException>(() => reading.WithPatienceAsync());
        Assert.Contains("within 10 seconds", error.Message, StringComparison.Ordinal);
        // Whoever waits for it is let go.
        await File.WriteAllTextAsync(pipe, "", TestContext.Current.CancellationToken);
    }
}
