using System.Text.Json.Nodes;
using DynamicToolset.Bench.Clusters;

namespace DynamicToolset.Bench.Running;

/// <summary>One of several services that stand for election: a process, and another one after it was killed.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly string _program;
    private readonly ICluster _cluster;
    private readonly Backend[] _backends;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private int _port;

    public Replica(string program, ICluster cluster, Backend[] backends, string name)
    {
        _program = program;
        _cluster = cluster;
        _backends = backends;
        Name = name;
        Service = Start();
    }

    public string Name { get; }

    public ServiceProcess Service { get; private set; }

    /// <summary>What it says of itself in <c>/readyz</c>, as <c>ok: leader</c>; empty where it does not answer.</summary>
    public async Task<string> StandingAsync(CancellationToken stop)
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(new Uri($"http://127.0.0.1:{_port}/readyz"), stop);
            string answer = await response.Content.ReadAsStringAsync(stop);
            return response.IsSuccessStatusCode ? (string)JsonNode.Parse(answer)!["checks"]!["leader-election"]! : "";
        }
        catch (HttpRequestException)
        {
            Service.ThrowIfEnded();
            return "";
        }
    }

    /// <summary>Starts it again after it was told to end.</summary>
    public async Task StartAgainAsync()
    {
        await Service.EndAsync();
        await Service.DisposeAsync();
        Service = Start();
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        _http.Dispose();
    }

    private ServiceProcess Start()
    {
        _port = ServiceProcess.FreePort();
        return ServiceProcess.Start(_program, _cluster, _backends, _port, pod: Name);
    }
}
