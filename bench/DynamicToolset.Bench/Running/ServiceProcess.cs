using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using DynamicToolset.Bench.Clusters;

namespace DynamicToolset.Bench.Running;

/// <summary>The published executable as a process of its own, with no settings but those of the bench.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const int LinesKept = 20;

    private readonly Process _process;
    private readonly string _settings;
    private readonly ConcurrentQueue<string> _lastLines = new();

    private ServiceProcess(Process process, string settings, long begun)
    {
        _process = process;
        _settings = settings;
        Begun = begun;
        // A full pipe would stop the service.
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>What it wrote last: twenty lines at most, and none from before <see cref="ForgetLines"/>.</summary>
    public IReadOnlyCollection<string> LastLines => _lastLines;

    /// <summary>A timestamp of the system's clock from before the process was made.</summary>
    public long Begun { get; }

    /// <param name="backends">Those that there are or will be: their names lead to the cluster's servers.</param>
    /// <param name="port">Of the health paths; 0 for any.</param>
    /// <param name="container">Null for as much memory as there is.</param>
    /// <param name="pod">Of several replicas, the name of this one; null for one without leader election.</param>
    public static ServiceProcess Start(
        string program, ICluster cluster, IEnumerable<Backend> backends, int port = 0, Container? container = null, string? pod = null)
    {
        // The shell enters, and becomes the service there.
        ProcessStartInfo start = container is null
            ? new ProcessStartInfo(program, ["run"])
            : new ProcessStartInfo("/bin/sh", ["-c", "echo $$ > \"$1\" && exec \"$0\" run", program, container.Limit.Door]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment.Clear();
        start.Environment["KUBECONFIG"] = cluster.Kubeconfig;
        start.Environment["PORT"] = $"{port}";
        start.Environment["METRICS_PORT"] = "0";
        start.Environment["HEALTH_CHECK_MODE"] = "direct";
        start.Environment["HEALTH_CHECK_ALLOWED_NETWORKS"] = "127.0.0.0/8";
        // Of thousands of backends no environment variable holds the names.
        string settings = Path.GetTempFileName();
        IEnumerable<string> hosts = backends.Select(b => b.Host).Concat(cluster.Content.CustomHosts);
        IEnumerable<string> resolve = hosts.Select(host => $"{host}={cluster.BackendAddress}").Concat(container?.Resolve ?? []);
        File.WriteAllText(settings, $"HEALTH_CHECK_RESOLVE: \"{string.Join(',', resolve)}\"\n");
        start.Environment["CONFIG_FILE"] = settings;
        if (pod is not null)
            (start.Environment["POD_NAME"], start.Environment["LEADER_ELECTION_ENABLED"]) = (pod, "true");
        long begun = TimeProvider.System.GetTimestamp();
        return new ServiceProcess(Process.Start(start)!, settings, begun);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Send(Signal signal)
    {
        if (SendSignal(Id, (int)signal) != 0)
            throw new InvalidOperationException($"{signal} could not be sent: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    public void ForgetLines() => _lastLines.Clear();

    /// <inheritdoc cref="ThrowIfEnded"/>
    public ProcessFigures Read()
    {
        ThrowIfEnded();
        return ProcessFigures.Of(Id);
    }

    /// <summary>Returns so long after its start; at once where that is over.</summary>
    public async Task IsAgedAsync(TimeSpan age, CancellationToken stop)
    {
        TimeSpan rest = age - TimeProvider.System.GetElapsedTime(Begun);
        if (rest > TimeSpan.Zero)
            await Task.Delay(rest, TimeProvider.System, stop);
    }

    /// <exception cref="InvalidOperationException">It has ended by itself; the message holds the last lines that it wrote.</exception>
    public void ThrowIfEnded()
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"The service ended with {_process.ExitCode}:\n{string.Join('\n', _lastLines)}");
    }

    /// <summary>The result of what this process is to bring about.</summary>
    /// <exception cref="InvalidOperationException">It took too long; the message holds the last lines that the service wrote.</exception>
    public async Task<long> BringsAsync(Task<long> result)
    {
        try
        {
            return await result;
        }
        catch (TimeoutException e)
        {
            ThrowIfEnded();
            throw new InvalidOperationException($"It did not come to what was waited for. The service wrote last:\n{string.Join('\n', _lastLines)}", e);
        }
    }

    /// <summary>Returns when it has ended, which it was told before.</summary>
    /// <exception cref="TimeoutException">A minute has passed.</exception>
    public Task EndAsync() => _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);

    /// <summary>Nothing is measured of the stop, so it need not be orderly.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        File.Delete(_settings);
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        _lastLines.Enqueue(line);
        if (_lastLines.Count > LinesKept)
            _lastLines.TryDequeue(out string? _);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int process, int signal);
}
