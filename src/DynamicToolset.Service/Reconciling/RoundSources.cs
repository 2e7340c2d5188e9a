using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Watching;

namespace DynamicToolset.Service.Reconciling;

/// <summary>Where a round gets what it looks at. Each is kept up to date by a loop of its own.</summary>
public sealed record RoundSources(RuleSource Rules, ServiceSources Services, ConfigMapSource ConfigMap, ProbeLoop Probes, OwnerSource Owner)
{
    /// <summary>True when all that decisions rest on was read once.</summary>
    public bool HasSynced => Services.HasSynced && ConfigMap.HasSynced;

    /// <param name="before">What the last round looked at; null before the first.</param>
    public RoundInputs Take(long discoveryCycle, RoundInputs? before)
    {
        ConfigMapView configMap = ConfigMap.Current;
        // It may have been collected because its owner is gone: what was known of that is no longer sure.
        if (configMap.Newest is null && before?.ConfigMap.Newest is not null)
            Owner.Doubt();
        // Before the table: when it says that all were asked, their answers are in the table.
        bool areFirstChecksDone = Probes.FirstRound.IsCompleted;
        return new RoundInputs(
            Rules.Current, new ServiceSnapshot(Services.Snapshot()), configMap, Probes.Table, areFirstChecksDone, Owner.Current, discoveryCycle);
    }
}
