using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Sandbox.Output;

/// <summary>The tables that <c>kubectl get</c> prints, column by column as kube-apiserver makes them.</summary>
internal static class TableFormat
{
    private const string None = "<none>";

    private static readonly Column NameColumn = new("Name", Format: "name");
    private static readonly Column AgeColumn = new("Age");
    private static readonly Column[] ConfigMapColumns = [NameColumn, new("Data"), AgeColumn];
    private static readonly Column[] LeaseColumns = [NameColumn, new("Holder"), AgeColumn];
    private static readonly Column[] ServiceAccountColumns = [NameColumn, new("Secrets"), AgeColumn];
    private static readonly Column[] RoleColumns = [NameColumn, new("Created At")];
    private static readonly Column[] NamespaceColumns = [NameColumn, new("Status"), AgeColumn];

    private static readonly Column[] NetworkPolicyColumns = [NameColumn, new("Pod-Selector"), AgeColumn];

    private static readonly Column[] BudgetColumns =
        [NameColumn, new("Min Available"), new("Max Unavailable"), new("Allowed Disruptions"), AgeColumn];

    private static readonly Column[] ServiceColumns =
        [NameColumn, new("Type"), new("Cluster-IP"), new("External-IP"), new("Port(s)"), AgeColumn, new("Selector", IsWide: true)];

    private static readonly Column[] DeploymentColumns =
    [
        NameColumn, new("Ready"), new("Up-to-date"), new("Available"), AgeColumn, new("Containers", IsWide: true), new("Images", IsWide: true),
        new("Selector", IsWide: true),
    ];

    private static readonly Column[] BindingColumns =
    [
        NameColumn, new("Role"), AgeColumn, new("Users", IsWide: true), new("Groups", IsWide: true), new("ServiceAccounts", IsWide: true),
    ];

    private static readonly Column[] EventColumns =
    [
        new("Last Seen"), new("Type"), new("Reason"), new("Object"), new("Subobject", IsWide: true), new("Source", IsWide: true), new("Message"),
        new("First Seen", IsWide: true), new("Count", IsWide: true), NameColumn with { IsWide = true },
    ];

    /// <param name="metadata">Of the table: its resource version, and the token for the next page.</param>
    /// <param name="includeObject">What goes along with each row: Metadata, Object or None.</param>
    public static JsonObject Of(KubeResource resource, IEnumerable<JsonObject> values, JsonObject metadata, DateTimeOffset now, string includeObject) => new()
    {
        ["kind"] = "Table",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = metadata,
        ["columnDefinitions"] = new JsonArray([.. ColumnsOf(resource).Select(column => column.ToJson())]),
        ["rows"] = new JsonArray([.. values.Select(value => Row(resource, value, now, includeObject))]),
    };

    private static Column[] ColumnsOf(KubeResource resource) => resource.Kind switch
    {
        "Service" => ServiceColumns,
        "ConfigMap" => ConfigMapColumns,
        "Namespace" => NamespaceColumns,
        "Lease" => LeaseColumns,
        "ServiceAccount" => ServiceAccountColumns,
        "Deployment" => DeploymentColumns,
        "Role" or "ClusterRole" => RoleColumns,
        "RoleBinding" or "ClusterRoleBinding" => BindingColumns,
        "Event" => EventColumns,
        "NetworkPolicy" => NetworkPolicyColumns,
        "PodDisruptionBudget" => BudgetColumns,
        _ => throw new UnreachableException($"{resource.Kind} has no columns"),
    };

    private static JsonObject Row(KubeResource resource, JsonObject value, DateTimeOffset now, string includeObject)
    {
        string name = value.Child("metadata").Text("name") ?? "";
        string age = AgeOf(value, now);
        var row = new JsonObject
        {
            ["cells"] = resource.Kind switch
            {
                "Service" => ServiceCells(value.Child("spec") ?? [], value, name, age),
                "ConfigMap" => new JsonArray(name, (value.Child("data")?.Count ?? 0) + (value.Child("binaryData")?.Count ?? 0), age),
                "Namespace" => new JsonArray(name, value.Child("status").Text("phase") ?? "", age),
                "Lease" => new JsonArray(name, value.Child("spec").Text("holderIdentity") ?? "", age),
                "ServiceAccount" => new JsonArray(name, value.Items("secrets").Count(), age),
                "Deployment" => DeploymentCells(value.Child("spec") ?? [], value.Child("status"), name, age),
                "Role" or "ClusterRole" => new JsonArray(name, value.Child("metadata").Text("creationTimestamp") ?? ""),
                "RoleBinding" or "ClusterRoleBinding" => BindingCells(value, name, age),
                "Event" => EventCells(value, name, now),
                "NetworkPolicy" => new JsonArray(name, LabelsIn(value.Child("spec").Child("podSelector")), age),
                "PodDisruptionBudget" => BudgetCells(value.Child("spec"), name, age),
                _ => throw new UnreachableException($"{resource.Kind} has no cells"),
            },
        };
        if (includeObject != "None")
            row["object"] = includeObject == "Object" ? value.DeepClone() : PartialMetadata.Of(value);

        return row;
    }

    private static JsonArray ServiceCells(JsonObject spec, JsonObject value, string name, string age)
    {
        string[] ports = [.. spec.Items("ports").Select(PortText)];
        return new JsonArray(
            name,
            spec.Text("type") ?? None,
            spec.Text("clusterIP") ?? None,
            ExternalAddress(spec, value),
            ports.Length == 0 ? None : string.Join(',', ports),
            age,
            spec.Child("selector") is { } selector ? string.Join(',', selector.Select(pair => $"{pair.Key}={pair.Value.AsText()}")) : None);
    }

    private static JsonArray DeploymentCells(JsonObject spec, JsonObject? status, string name, string age)
    {
        List<JsonObject> containers = [.. spec.Child("template").Child("spec").Items("containers")];
        return new JsonArray(
            name,
            string.Create(CultureInfo.InvariantCulture, $"{status.Number("readyReplicas") ?? 0}/{spec.Number("replicas") ?? 0}"),
            status.Number("updatedReplicas") ?? 0,
            status.Number("availableReplicas") ?? 0,
            age,
            string.Join(',', containers.Select(container => container.Text("name"))),
            string.Join(',', containers.Select(container => container.Text("image"))),
            LabelsIn(spec.Child("selector")));
    }

    private static string LabelsIn(JsonObject? selector) =>
        string.Join(',', (selector.Child("matchLabels") ?? []).Select(label => $"{label.Key}={label.Value.AsText()}"));

    /// <summary>Nobody counts pods here, so none may be disrupted.</summary>
    private static JsonArray BudgetCells(JsonObject? spec, string name, string age) =>
        new(name, spec?["minAvailable"]?.ToString() ?? "N/A", spec?["maxUnavailable"]?.ToString() ?? "N/A", 0, age);

    private static JsonArray BindingCells(JsonObject value, string name, string age)
    {
        JsonObject? role = value.Child("roleRef");
        return new JsonArray(
            name,
            $"{role.Text("kind")}/{role.Text("name")}",
            age,
            Subjects(value, "User", subject => subject.Text("name")),
            Subjects(value, "Group", subject => subject.Text("name")),
            Subjects(value, "ServiceAccount", subject => $"{subject.Text("namespace")}/{subject.Text("name")}"));
    }

    private static string Subjects(JsonObject binding, string kind, Func<JsonObject, string?> write) =>
        string.Join(", ", binding.Items("subjects").Where(subject => subject.Text("kind") == kind).Select(write));

    private static JsonArray EventCells(JsonObject value, string name, DateTimeOffset now)
    {
        JsonObject? involved = value.Child("involvedObject");
        JsonObject? source = value.Child("source");
        string component = source.Text("component") ?? value.Text("reportingComponent") ?? "";
        string first = value.Text("firstTimestamp") ?? value.Text("eventTime") ?? "";
        string last = value.Child("series").Text("lastObservedTime") ?? value.Text("lastTimestamp") ?? first;
        return new JsonArray(
            Since(last, now),
            value.Text("type") ?? "",
            value.Text("reason") ?? "",
            $"{involved.Text("kind")?.ToLowerInvariant()}/{involved.Text("name")}",
            involved.Text("fieldPath") ?? "",
            source.Text("host") is { } host ? $"{component}, {host}" : component,
            (value.Text("message") ?? "").Trim(),
            Since(first, now),
            value.Child("series").Number("count") ?? value.Number("count") ?? 1,
            name);
    }

    private static string ExternalAddress(JsonObject spec, JsonObject value)
    {
        string[] external = [.. (spec["externalIPs"] as JsonArray ?? []).Select(address => address.AsText()).OfType<string>()];
        string[] ingress =
        [
            .. value.Child("status").Child("loadBalancer").Items("ingress").Select(entry => entry.Text("ip") ?? entry.Text("hostname")).OfType<string>(),
        ];
        return spec.Text("type") switch
        {
            "ExternalName" => spec.Text("externalName") ?? None,
            "LoadBalancer" when ingress.Length + external.Length == 0 => "<pending>",
            "LoadBalancer" => string.Join(',', ingress.Concat(external)),
            _ => external.Length == 0 ? None : string.Join(',', external),
        };
    }

    private static string PortText(JsonObject port)
    {
        string nodePort = port.Number("nodePort") is { } number ? string.Create(CultureInfo.InvariantCulture, $":{number}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{port.Number("port")}{nodePort}/{port.Text("protocol")}");
    }

    private static string AgeOf(JsonObject value, DateTimeOffset now) => Since(value.Child("metadata").Text("creationTimestamp"), now);

    private static string Since(string? time, DateTimeOffset now) => KubeTime.Parse(time) is { } then ? HumanDuration.Format(now - then) : "<unknown>";

    /// <param name="IsWide">Only printed with <c>-o wide</c>.</param>
    private sealed record Column(string Name, string Format = "", bool IsWide = false)
    {
        public JsonObject ToJson() => new()
        {
            ["name"] = Name,
            ["type"] = "string",
            ["format"] = Format,
            ["description"] = "",
            ["priority"] = IsWide ? 1 : 0,
        };
    }
}
