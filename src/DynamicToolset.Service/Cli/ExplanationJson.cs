using System.Collections.Immutable;
using System.Text.Json;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Manifests;
using DynamicToolset.Rules;

namespace DynamicToolset.Service.Cli;

/// <summary>Explanations for machines.</summary>
internal static class ExplanationJson
{
    public static string Of(ImmutableArray<ServiceExplanation> explanations) => PrintedJson.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("services");
        foreach (ServiceExplanation explanation in explanations)
            Write(writer, explanation);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, ServiceExplanation explanation)
    {
        ServiceRecord service = explanation.Service;
        Detection.Matched? match = explanation.Match;
        writer.WriteStartObject();
        writer.WriteString("namespace", service.Key.Namespace);
        writer.WriteString("name", service.Key.Name);
        writer.WriteString("type", match?.Type);
        writer.WriteString("toolset", explanation.Toolset);
        writer.WriteString("url", match?.Endpoint.ToString());
        writer.WriteString("rule", match?.Rule);
        writer.WriteString("twinOf", match is null ? null : (explanation.Detection as Detection.Twin)?.Of.ToString());
        WritePort(writer, match?.Port);
        writer.WriteStartArray("why");
        foreach (RuleVerdict verdict in explanation.Verdicts.Where(v => v.IsMatched || v.IsClose))
        {
            writer.WriteStartObject();
            writer.WriteString("rule", verdict.Rule);
            writer.WriteBoolean("matched", verdict.IsMatched && explanation.IsConsidered);
            writer.WriteString("failed", explanation.IsConsidered ? verdict.Failed : ExplanationWords.NotConsidered);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WritePort(Utf8JsonWriter writer, ServicePort? port)
    {
        if (port is null)
        {
            writer.WriteNull("port");
            return;
        }

        writer.WriteStartObject("port");
        writer.WriteString("name", port.Name);
        writer.WriteNumber("number", port.Number);
        writer.WriteEndObject();
    }
}
