using System.Text.Json;
using DynamicToolset.LeaderElection;
using DynamicToolset.Messages;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>Lease, https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/, to <see cref="LeaseRecord"/>.</summary>
internal sealed class LeaseProjection(StringCache strings) : Projection<LeaseRecord>
{
    public override string ListKind => "LeaseList";

    public override string VersionOf(LeaseRecord item) => item.ResourceVersion;

    public override Bound Longest => AnswerBounds.Lease;

    protected override LeaseRecord Read(ref Utf8JsonReader reader)
    {
        ObjectMetadata metadata = default;
        LeaseSpec spec = LeaseSpec.Empty;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
                ReadMetadata(ref reader, ref metadata);
            else if (reader.ValueTextEquals("spec"u8))
                spec = ReadSpec(ref reader);
            else
                JsonObjects.SkipValue(ref reader);
        }

        return new LeaseRecord(metadata.Key, metadata.Uid ?? "", metadata.ResourceVersion ?? "", spec);
    }

    private void ReadMetadata(ref Utf8JsonReader reader, ref ObjectMetadata metadata)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (!metadata.TryRead(ref reader, strings))
                JsonObjects.SkipValue(ref reader);
        }
    }

    private static LeaseSpec ReadSpec(ref Utf8JsonReader reader)
    {
        LeaseSpec spec = LeaseSpec.Empty;
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return spec;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("holderIdentity"u8))
                spec = spec with { Holder = JsonObjects.Text(ref reader) };
            else if (reader.ValueTextEquals("leaseDurationSeconds"u8))
                spec = spec with { Duration = JsonObjects.Number(ref reader) is > 0 and int seconds ? TimeSpan.FromSeconds(seconds) : null };
            else if (reader.ValueTextEquals("acquireTime"u8))
                spec = spec with { AcquireTime = JsonObjects.Time(ref reader) };
            else if (reader.ValueTextEquals("renewTime"u8))
                spec = spec with { RenewTime = JsonObjects.Time(ref reader) };
            else if (reader.ValueTextEquals("leaseTransitions"u8))
                spec = spec with { Transitions = Math.Max(0, JsonObjects.Number(ref reader)) };
            else
                JsonObjects.SkipValue(ref reader);
        }

        return spec;
    }
}
