using System.Globalization;
using DynamicToolset.Cluster;
using DynamicToolset.LeaderElection;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>The bodies that create and change a Lease.</summary>
internal sealed record LeaseBody(string? ApiVersion, string? Kind, LeaseBody.Identity Metadata, LeaseBody.Fields Spec)
{
    public static KubeBody Creation(ObjectKey key, LeaseSpec spec) => KubeBody.Of(
        "application/apply-patch+yaml",
        new LeaseBody("coordination.k8s.io/v1", "Lease", new Identity(key.Name, key.Namespace, null, KubeBody.VersionOfNoObject), Fields.Of(spec)),
        KubeJson.Default.LeaseBody);

    public static KubeBody Update(LeaseRecord from, LeaseSpec spec) => KubeBody.Of(
        "application/merge-patch+json", new LeaseBody(null, null, new Identity(null, null, from.Uid, from.ResourceVersion), Fields.Of(spec)), KubeJson.Default.LeaseBody);

    /// <summary>The API server takes times of a Lease with exactly six digits behind the second.</summary>
    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    internal sealed record Identity(string? Name, string? Namespace, string? Uid, string ResourceVersion);

    internal sealed record Fields(string HolderIdentity, int? LeaseDurationSeconds, string? AcquireTime, string? RenewTime, int LeaseTransitions)
    {
        public static Fields Of(LeaseSpec spec) =>
            new(spec.Holder, (int?)spec.Duration?.TotalSeconds, Time(spec.AcquireTime), Time(spec.RenewTime), spec.Transitions);
    }
}
