using System.Text.Json.Nodes;

namespace DynamicToolset.Service.Tests.EndToEnd;

/// <summary>The environment of a container of a Deployment, as a kubelet makes it.</summary>
internal static class PodEnvironment
{
    /// <param name="deployment">As the API server has it.</param>
    /// <param name="ip">Of the pod.</param>
    public static (string Name, string Value)[] Of(JsonNode deployment, string pod, string ns, string ip)
    {
        JsonArray variables = deployment["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray();
        return [.. variables.Select(v => ((string)v!["name"]!, (string?)v["value"] ?? FieldOfPod(v)))];

        string FieldOfPod(JsonNode variable) => (string?)variable["valueFrom"]?["fieldRef"]?["fieldPath"] switch
        {
            null when variable["valueFrom"] is null => "",
            "metadata.name" => pod,
            "metadata.namespace" => ns,
            "status.podIP" => ip,
            _ => throw new InvalidOperationException($"Nobody fills in {variable.ToJsonString()} here."),
        };
    }
}
