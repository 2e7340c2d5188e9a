using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.LeaderElection;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Service.Api;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>
/// The status by what the cluster shows, where the service cannot be asked: decided as the service decides, with the toolsets in the ConfigMap taken for
/// those of healthy backends. Nothing is checked and nothing is written.
/// </summary>
internal static class ClusterStatus
{
    /// <exception cref="KubeApiException">The cluster cannot be read.</exception>
    public static async Task<ReportedStatus> ReadAsync(Settings settings, KubeApiClient api, TimeProvider time, CancellationToken stop)
    {
        var key = new ObjectKey(settings.ConfigMapNamespace, settings.ConfigMapName);
        GenerateInput input = await GenerateInput.FromClusterAsync(api, key, settings.Namespaces, "", stop);
        LeaseRecord? lease = await api.GetLeaseAsync(key with { Name = settings.LeaseName }, stop);
        AdminFiles files = AdminFiles.Open(settings);
        ControllerState state = Decide(settings, files, input, new Leadership.Follower(lease?.Spec.Holder ?? ""), time.GetUtcNow());
        var view = new ApiView(state, rules => Controller.ToPipeline(settings, rules));
        StatusDocument status = new StatusReader("", key, () => [], () => null).DocumentOf(view);
        return new ReportedStatus("cluster", status with { Leader = status.Leader with { Election = lease is not null } }, view.ServiceDocuments)
        {
            Warning = ShownView.DifferenceTo(
                MadeWith.Of(Controller.ToPipeline(settings, files.Rules.Current.InForce), files.Overrides.Current), key, input.Present),
        };
    }

    private static ControllerState Decide(Settings settings, AdminFiles files, GenerateInput input, Leadership leadership, DateTimeOffset now)
    {
        RuleState rules = files.Rules.Current;
        var round = new Round(new RoundOptions(Controller.ToPipeline(settings, rules.InForce), settings.OwnerDeployment));
        var inputs = new RoundInputs(
            rules,
            new ServiceSnapshot([input.Services.ToImmutableDictionary(s => s.Key)]),
            ConfigMapView.Empty.Listed(input.Present),
            JudgedHealth.Empty,
            AreFirstChecksDone: true,
            new OwnerState.Unknown(),
            DiscoveryCycle: 0,
            leadership)
        {
            OverrideFiles = files.Overrides.Current,
        };
        var present = PresentToolsets.Read(input.Present);
        IEnumerable<Detection.Matched> matched = round.Detect(inputs, RoundMemory.Start).Matched;
        inputs = inputs with { Health = JudgedHealth.Empty.Retarget([.. matched.Select(d => (d.EndpointKey, present.Knows(d)))], now) };
        return round.Decide(inputs, RoundMemory.Start, new Moment(TimeSpan.Zero, now)).State;
    }
}
