using DynamicToolset.HealthCheck;
using DynamicToolset.Pipeline;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Sandbox.Storage;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.State;
using DynamicToolset.Service.Tracing;

namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>One life of the real controller, from its start to its end.</summary>
internal sealed class Replica : IProber, IDisposable
{
    /// <summary>Less than one interval of the checks, so that not every endpoint is asked in it.</summary>
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(30);

    private readonly World _world;
    private readonly ServiceMetrics _metrics;
    private readonly ServiceSpans _spans;
    private readonly TimeSpan _renewDeadline;
    private Task? _stopping;

    public Replica(World world, string name, KubeStore store, Random random, FaultCount count, double clockRate)
    {
        _world = world;
        Process = new SimulatedProcess(name, world.Agenda, clockRate);
        Link = new Link(world.Agenda, store, Process.Clock, new Random(random.Next()), count) { RefusesOwners = world.RefusesOwners };
        Settings settings = SettingsReading.Of(SettingsProfile.Sandbox, SettingsOf(world, name), _ => null).Settings!;
        _renewDeadline = settings.RenewDeadline;
        Pipeline = Controller.ToPipeline(settings, BuiltInRules.All);
        var states = new StateStore();
        _metrics = new ServiceMetrics(states, Process.Clock, "1.2.3");
        _spans = new ServiceSpans(Process.Clock);
        RecordedLife? life = world.Records is not null ? new RecordedLife(Controller.ToRoundOptions(settings, BuiltInRules.All), new Random(random.Next())) : null;
        if (life is not null)
            world.Records!.Add(life);
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(Process);
        Controller = new Controller(
            settings, AdminFiles.Open(settings), Link, this, ((Action<ControllerState>)states.Publish) + (s => State = s), Process.Clock, new Random(random.Next()), new DiaryLog(world.Note, name), _metrics, _spans, record: life is null ? null : life.Record);
        SynchronizationContext.SetSynchronizationContext(before);
        Process.Do(Controller.Start);
    }

    public SimulatedProcess Process { get; }

    public Link Link { get; }

    public Controller Controller { get; }

    public ToolsetPipeline Pipeline { get; }

    /// <summary>What it has published last; null before its first round.</summary>
    public ControllerState? State { get; private set; }

    /// <summary>Until then none of its checks arrives anywhere, whatever the backends do.</summary>
    public TimeSpan ProbesFailUntil
    {
        get;
        set
        {
            TimeSpan now = _world.Agenda.Now;
            if (value > now && field > TimeSpan.Zero && field < now && now - field < Gap)
                ProbesFailAgainUntil = value;
            field = value;
        }
    }

    /// <summary>The same, where checks had arrived again for a moment only; null where that never was so.</summary>
    public TimeSpan? ProbesFailAgainUntil { get; private set; }

    /// <summary>True where it was told to stop.</summary>
    public bool IsStopping { get; private set; }

    public bool HasStopped => _stopping is { IsCompleted: true };

    /// <summary>Whether it may lead now, by its own clock and by what it has sent and was answered.</summary>
    public bool MayLead => Link.RenewedAt is { } at && Process.Clock.GetElapsedTime(at) < _renewDeadline;

    /// <summary>What a loop threw; null where none did.</summary>
    public Exception? Defect => Controller.Defect ?? _stopping?.Exception?.InnerException;

    /// <summary>As SIGTERM does.</summary>
    public void Stop()
    {
        IsStopping = true;
        Process.Do(() => _stopping = StopAsync());
    }

    public async Task<ProbeAnswer> AskAsync(ProbeRequest request, CancellationToken stop)
    {
        if (_world.Agenda.Now >= ProbesFailUntil)
            return await _world.Backends.AskAsync(request, Process.Clock, stop);
        await Task.Delay(request.Timeout, Process.Clock, stop);
        return new ProbeAnswer.None(ProbeFailure.Timeout);
    }

    /// <summary>It does nothing any more, whatever it was about to do.</summary>
    public void Dispose()
    {
        Process.Kill();
        _metrics.Dispose();
        _spans.Dispose();
        Controller.Dispose();
    }

    private async Task StopAsync()
    {
        await Controller.StopReconcilingAsync();
        await Controller.StopWatchingAsync();
    }

    private static Dictionary<string, string> SettingsOf(World world, string name) => new()
    {
        ["LEADER_ELECTION_ENABLED"] = "true",
        ["POD_NAME"] = name,
        ["POD_NAMESPACE"] = World.ConfigMapKey.Namespace,
        ["HEALTH_CHECK_INTERVAL"] = "30s",
        ["HEALTH_CHECK_TIMEOUT"] = "5s",
        ["HEALTH_CHECK_RETRY_INTERVAL"] = "1s",
        ["OWNER_REFERENCE_ENABLED"] = world.HasOwner ? "true" : "false",
        ["DETECTORS_DIR"] = "",
        // A tenth of the time of a round is left without it.
        ["HOLMES_FORMAT"] = world.WritesHolmes ? "true" : "false",
    };
}
