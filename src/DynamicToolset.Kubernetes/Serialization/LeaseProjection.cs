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
        (string? Address, string? Of) said = default;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
                ReadMetadata(ref reader, ref metadata, ref said);
            else if (reader.ValueTextEquals("spec"u8))
                spec = ReadSpec(ref reader);
            else
                JsonObjects.SkipValue(ref reader);
        }

        return new LeaseRecord(metadata.Key, metadata.Uid ?? "", metadata.ResourceVersion ?? "", spec)
        {
            Address = !spec.IsFree && said.Of == spec.Holder ? LeaderAddress.Read(said.Address) : null,
        };
    }

    private void ReadMetadata(ref Utf8JsonReader reader, ref ObjectMetadata metadata, ref (string? Address, string? Of) said)
    {
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("annotations"u8))
                said = ReadAddress(ref reader);
            else if (!metadata.TryRead(ref reader, strings))
                JsonObjects.SkipValue(ref reader);
        }
    }

    private static (string? Address, string? Of) ReadAddress(ref Utf8JsonReader reader)
    {
        (string? Address, string? Of) said = default;
        if (!JsonObjects.Enter(ref reader, JsonTokenType.StartObject))
            return said;
        while (JsonObjects.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals(LeaseRecord.AddressAnnotation))
                said.Address = JsonObjects.Text(ref reader);
            else if (reader.ValueTextEquals(LeaseRecord.AddressOfAnnotation))
                said.Of = JsonObjects.Text(ref reader);
            else
                JsonObjects.SkipValue(ref reader);
        }

        return said;
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
