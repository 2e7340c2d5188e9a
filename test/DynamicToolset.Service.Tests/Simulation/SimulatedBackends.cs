using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>What stands behind the Services, and how it answers.</summary>
internal sealed class SimulatedBackends(Agenda agenda)
{
    private static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(3);

    private readonly Dictionary<ObjectKey, Backend> _backends = [];

    /// <summary>Since when it has answered without a fault; null where it does not.</summary>
    public TimeSpan? HealthySince(ObjectKey service) => Of(service).HealthySince;

    /// <summary>The same of the opposite.</summary>
    public TimeSpan? FailingSince(ObjectKey service) => Of(service).FailingSince;

    public void Set(ObjectKey service, BackendMood mood)
    {
        bool isHealthy = mood is BackendMood.Right or BackendMood.WantsCredentials;
        Backend before = Of(service);
        _backends[service] = new Backend(
            mood,
            isHealthy ? before.HealthySince ?? agenda.Now : null,
            isHealthy ? null : before.FailingSince ?? agenda.Now);
    }

    public async Task<ProbeAnswer> AskAsync(ProbeRequest request, TimeProvider clock, CancellationToken stop)
    {
        string[] host = request.Endpoint.Host.Split('.');
        await agenda.WaitAsync(Answer);
        stop.ThrowIfCancellationRequested();
        switch (Of(new ObjectKey(host[1], host[0])).Mood)
        {
            case BackendMood.Right:
                return Status(200);
            case BackendMood.WantsCredentials:
                return Status(401);
            case BackendMood.Fails:
                return Status(503);
            case BackendMood.Refuses:
                return new ProbeAnswer.None(ProbeFailure.Refused);
            default:
                await Task.Delay(request.Timeout, clock, stop);
                return new ProbeAnswer.None(ProbeFailure.Timeout);
        }
    }

    private Backend Of(ObjectKey service) => _backends.TryGetValue(service, out Backend? known) ? known : new Backend(BackendMood.Right, TimeSpan.Zero, null);

    private static ProbeAnswer.Response Status(int code) => new(code, null, null, ReadOnlyMemory<byte>.Empty);

    private sealed record Backend(BackendMood Mood, TimeSpan? HealthySince, TimeSpan? FailingSince);
}

internal enum BackendMood
{
    Right,
    WantsCredentials,
    Fails,
    Refuses,
    Hangs,
}
