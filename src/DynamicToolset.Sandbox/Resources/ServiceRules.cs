using System.Net;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>
/// Services: defaults, cluster IPs, node ports and validation, see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/.
/// </summary>
internal sealed class ServiceRules : ResourceRules
{
    private const string Headless = "None";

    private static readonly string[] Allocated = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"];

    private static readonly string[] NotForExternalNames =
        ["clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy", "externalTrafficPolicy"];

    public override string? CheckName(string name) => KubeNames.CheckDns1035Label(name);

    public override void SetDefaults(JsonObject value)
    {
        JsonObject spec = value.ChildOrNew("spec");
        spec.SetDefault("type", "ClusterIP");
        spec.SetDefault("sessionAffinity", "None");
        if (spec.Text("sessionAffinity") == "ClientIP")
            spec.SetDefault("sessionAffinityConfig", new JsonObject { ["clientIP"] = new JsonObject { ["timeoutSeconds"] = 10800L } });

        foreach (JsonObject port in spec.Items("ports"))
        {
            port.SetDefault("protocol", "TCP");
            if (port["targetPort"] is null && port.Number("port") is { } number)
                port["targetPort"] = number;
        }

        if (IsExternalName(spec))
            return;

        spec.SetDefault("internalTrafficPolicy", "Cluster");
        if (HasNodePorts(spec))
            spec.SetDefault("externalTrafficPolicy", "Cluster");

        if (spec.Text("type") == "LoadBalancer")
            spec.SetDefault("allocateLoadBalancerNodePorts", true);
    }

    public override void CarryOver(JsonObject value, JsonObject stored)
    {
        JsonObject spec = value.ChildOrNew("spec");
        JsonObject before = stored.ChildOrNew("spec");
        if (IsExternalName(spec))
        {
            foreach (string field in NotForExternalNames)
                spec.Remove(field);

            DropStale(spec, before, "clusterIP");
            return;
        }

        foreach (string field in Allocated.Where(field => before[field] is not null))
            spec.SetDefault(field, before[field]!.DeepClone());

        if (!HasNodePorts(spec))
        {
            DropStale(spec, before, "externalTrafficPolicy");
            DropStale(spec, before, "allocateLoadBalancerNodePorts");
        }

        CarryOverNodePorts(spec, before);
    }

    public override void Allocate(JsonObject value, ServiceAllocator allocator)
    {
        JsonObject spec = value.ChildOrNew("spec");
        if (IsExternalName(spec))
            return;

        spec.SetDefault("clusterIP", allocator.NextAddress());
        spec["clusterIPs"] = new JsonArray(spec.Text("clusterIP"));
        spec.SetDefault("ipFamilies", new JsonArray("IPv4"));
        spec.SetDefault("ipFamilyPolicy", "SingleStack");
        if (!HasNodePorts(spec))
            return;

        HashSet<long> taken = [.. spec.Items("ports").Select(port => port.Number("nodePort") ?? 0)];
        foreach (JsonObject port in spec.Items("ports").Where(port => port.Number("nodePort") is null))
        {
            long nodePort = allocator.NextNodePort(taken);
            taken.Add(nodePort);
            port["nodePort"] = nodePort;
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject value, JsonObject? stored)
    {
        JsonObject spec = value.ChildOrNew("spec");
        string type = spec.Text("type") ?? "";
        string clusterIP = spec.Text("clusterIP") ?? "";
        var errors = new List<FieldError>();
        List<JsonObject> ports = [.. spec.Items("ports")];
        if (ports.Count == 0 && clusterIP != Headless && type != "ExternalName")
            errors.Add(FieldError.Required("spec.ports"));

        ServicePortRules.Check(ports, errors);
        if (type is not ("ClusterIP" or "ExternalName" or "LoadBalancer" or "NodePort"))
            errors.Add(FieldError.Unsupported("spec.type", type, "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"));

        if (type == "ExternalName" && string.IsNullOrEmpty(spec.Text("externalName")))
            errors.Add(FieldError.Required("spec.externalName"));

        if (spec.Text("sessionAffinity") is not ("None" or "ClientIP"))
            errors.Add(FieldError.Unsupported("spec.sessionAffinity", spec.Text("sessionAffinity") ?? "", "ClientIP", "None"));

        CheckClusterIP(clusterIP, type, stored, errors);
        return errors;
    }

    private static void CheckClusterIP(string clusterIP, string type, JsonObject? stored, List<FieldError> errors)
    {
        string before = stored.Child("spec").Text("clusterIP") ?? "";
        bool wasExternal = stored.Child("spec").Text("type") == "ExternalName";
        if (clusterIP.Length == 0 || clusterIP == Headless)
        {
            if (type is "NodePort" or "LoadBalancer" && clusterIP == Headless)
                errors.Add(FieldError.Invalid("spec.clusterIPs[0]", clusterIP, $"may not be set to 'None' for {type} services"));
        }
        else if (!IPAddress.TryParse(clusterIP, out _))
        {
            errors.Add(FieldError.Invalid("spec.clusterIPs[0]", clusterIP, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
        }
        else if (stored is null && !ServiceAllocator.IsInRange(clusterIP))
        {
            string detail = $"failed to allocate IP {clusterIP}: the provided IP ({clusterIP}) is not in the valid range. The range of valid IPs is {ServiceAllocator.Range}";
            errors.Add(FieldError.Invalid("spec.clusterIPs", clusterIP, detail));
        }

        if (before.Length > 0 && !wasExternal && type != "ExternalName" && clusterIP != before)
        {
            errors.Add(new FieldError(
                "spec.clusterIPs[0]", "FieldValueInvalid", $"Invalid value: []string{{\"{clusterIP}\"}}: may not change once set"));
        }
    }

    /// <summary>A value that came along unchanged from a type that has it, to one that has not.</summary>
    private static void DropStale(JsonObject spec, JsonObject before, string field)
    {
        if (JsonNode.DeepEquals(spec[field], before[field]))
            spec.Remove(field);
    }

    private static void CarryOverNodePorts(JsonObject spec, JsonObject before)
    {
        foreach (JsonObject port in spec.Items("ports"))
        {
            JsonObject? same = before.Items("ports").FirstOrDefault(other => IsSamePort(port, other));
            long? nodePort = same.Number("nodePort");
            if (!HasNodePorts(spec) && port.Number("nodePort") == nodePort)
                port.Remove("nodePort");
            else if (HasNodePorts(spec) && nodePort is not null)
                port.SetDefault("nodePort", nodePort.Value);
        }
    }

    private static bool IsSamePort(JsonObject left, JsonObject right) =>
        left.Number("port") == right.Number("port") && (left.Text("protocol") ?? "TCP") == (right.Text("protocol") ?? "TCP");

    private static bool IsExternalName(JsonObject spec) => spec.Text("type") == "ExternalName";

    private static bool HasNodePorts(JsonObject spec) => spec.Text("type") is "NodePort" or "LoadBalancer";
}
