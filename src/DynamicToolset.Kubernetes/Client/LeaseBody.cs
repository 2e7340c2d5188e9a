using System.Globalization;
using System.Text.Json.Serialization;
using DynamicToolset.Cluster;
using DynamicToolset.LeaderElection;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>The bodies that create and change a Lease.</summary>
internal sealed record LeaseBody(string? ApiVersion, string? Kind, LeaseBody.Identity Metadata, LeaseBody.Fields Spec)
{
    public static KubeBody Creation(ObjectKey key, LeaseSpec spec, LeaderAddress? address) => KubeBody.Of(
        "application/apply-patch+yaml",
        new LeaseBody(
            "coordination.k8s.io/v1",
            "Lease",
            new Identity(key.Name, key.Namespace, null, KubeBody.VersionOfNoObject) { Annotations = address is null ? null : Saying(spec, address) },
            Fields.Of(spec)),
        KubeJson.Default.LeaseBody);

    public static KubeBody Update(LeaseRecord from, LeaseSpec spec, LeaderAddress? address) => KubeBody.Of(
        "application/merge-patch+json",
        new LeaseBody(null, null, new Identity(null, null, from.Uid, from.ResourceVersion) { Annotations = Saying(spec, address) }, Fields.Of(spec)),
        KubeJson.Default.LeaseBody);

    /// <summary>Where there is no address, that of a holder before is taken away.</summary>
    private static KeyValuePair<string, string?>[] Saying(LeaseSpec spec, LeaderAddress? address) =>
    [
        new(LeaseRecord.AddressAnnotation, address?.ToString()),
        new(LeaseRecord.AddressOfAnnotation, address is null ? null : spec.Holder),
    ];

    /// <summary>The API server takes times of a Lease with exactly six digits behind the second.</summary>
    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    internal sealed record Identity(string? Name, string? Namespace, string? Uid, string ResourceVersion)
    {
        [JsonConverter(typeof(PairsConverter))]
        public IEnumerable<KeyValuePair<string, string?>>? Annotations { get; init; }
    }

    internal sealed record Fields(string HolderIdentity, int? LeaseDurationSeconds, string? AcquireTime, string? RenewTime, int LeaseTransitions)
    {
        public static Fields Of(LeaseSpec spec) =>
            new(spec.Holder, (int?)spec.Duration?.TotalSeconds, Time(spec.AcquireTime), Time(spec.RenewTime), spec.Transitions);
    }
}
