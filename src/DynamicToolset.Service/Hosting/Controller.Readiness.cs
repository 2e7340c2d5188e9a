namespace DynamicToolset.Service.Hosting;

/// <content>What <c>/livez</c> and <c>/readyz</c> show.</content>
public sealed partial class Controller
{
    /// <summary>Whether each loop turns. A failure needs a restart. While it stops nothing is expected of a loop: the stop has its own limit.</summary>
    public IEnumerable<SelfCheck> Liveness =>
        _heartbeats.GroupBy(h => h.Name).Select(h => new SelfCheck(h.Key, _isStopping || !h.Any(part => part.IsStuck)));

    /// <summary>True from the first complete reading of the cluster until the stop begins.</summary>
    public bool IsReady => Readiness.All(c => c.Passes);

    /// <summary>The parts of <see cref="IsReady"/>. A right that only writing lacks is told, and leaves the rest of the service ready.</summary>
    public IEnumerable<SelfCheck> Readiness =>
    [
        new SelfCheck("services-synced", _sources.Services.HasSynced, _sources.Services.MissingRight),
        new SelfCheck("configmap-synced", _sources.ConfigMap.HasSynced, _sources.ConfigMap.MissingRight),
        new SelfCheck("configmap-write", true, _writer.MissingRight),
        new SelfCheck("not-stopping", !_isStopping),
    ];
}
