using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>Leases, see https://kubernetes.io/docs/concepts/architecture/leases/.</summary>
internal sealed class LeaseRules : ResourceRules
{
    public override bool CreatesOnUpdate => true;

    public override string? CheckName(string name) => KubeNames.CheckDns1123Subdomain(name);

    public override IEnumerable<FieldError> Validate(JsonObject value, JsonObject? stored)
    {
        JsonObject? spec = value.Child("spec");
        if (spec.Number("leaseDurationSeconds") is { } duration and <= 0)
            yield return FieldError.InvalidNumber("spec.leaseDurationSeconds", duration, "must be greater than 0");

        if (spec.Number("leaseTransitions") is { } transitions and < 0)
            yield return FieldError.InvalidNumber("spec.leaseTransitions", transitions, "must be greater than or equal to 0");
    }
}
