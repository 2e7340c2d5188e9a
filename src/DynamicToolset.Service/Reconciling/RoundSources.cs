using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.LeaderElection;
using DynamicToolset.Service.Overriding;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Watching;

namespace DynamicToolset.Service.Reconciling;

/// <summary>Where a round gets what it looks at. Each is kept up to date by a loop of its own.</summary>
public sealed record RoundSources(
    RuleSource Rules,
    OverrideSource Overrides,
    ServiceSources Services,
    ConfigMapSource ConfigMap,
    ProbeLoop Probes,
    IdentityLoop Identities,
    OwnerSource Owner,
    ILeadership Leadership)
{
    /// <summary>True when all that decisions rest on was read once.</summary>
    public bool HasSynced => Services.HasSynced && ConfigMap.HasSynced;

    /// <summary>Both, in one list each. A watch goes on where it was if its list fails.</summary>
    /// <exception cref="Kubernetes.Client.KubeApiException">One of them could not be listed.</exception>
    public Task ListAnewAsync() => Task.WhenAll(Services.ListAnewAsync(), ConfigMap.ListAnewAsync());

    public RoundInputs Take(long discoveryCycle)
    {
        // Before the table: when it says that all were asked, their answers are in the table.
        bool areFirstChecksDone = Probes.FirstRound.IsCompleted;
        return new RoundInputs(
            Rules.Current,
            new ServiceSnapshot(Services.Snapshot()),
            ConfigMap.Current,
            Probes.Health,
            areFirstChecksDone,
            Owner.Current,
            discoveryCycle,
            Leadership.Current)
        {
            OverrideFiles = Overrides.Current,
            Identities = Identities.Table,
        };
    }
}
