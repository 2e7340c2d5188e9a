using System.Collections.Immutable;
using System.Text;
using DynamicToolset.Discovery;

namespace DynamicToolset.Service.Cli;

/// <summary>Explanations for a person.</summary>
internal static class ExplanationText
{
    public static string Of(ImmutableArray<ServiceExplanation> explanations, ImmutableArray<string> namespaces)
    {
        var text = new StringBuilder();
        foreach (ServiceExplanation explanation in explanations)
        {
            ObjectKey key = explanation.Detection.Service.Key;
            text.Append(key).Append(": ").Append(Verdict(explanation)).Append('\n');
            if (!namespaces.IsEmpty && !namespaces.Contains(key.Namespace))
                text.Append("  NAMESPACES does not name its namespace, so it is not considered\n");
        }

        return text.ToString();
    }

    private static string Verdict(ServiceExplanation explanation) => explanation.Detection switch
    {
        Detection.Matched found => $"{found.Type} at {found.Endpoint}, toolset {explanation.Toolset}, {(found.Rule is null ? "by annotation" : $"rule {found.Rule}")}",
        Detection.Twin twin => $"{twin.Match.Type}, the same backend as {twin.Of}, which speaks for it",
        Detection.OptedOut => $"left alone: {ToolsetAnnotations.Toolset} is \"false\"",
        Detection.Rejected rejected => $"skipped: {rejected.Problem}",
        _ => explanation.Closest is { } closest ? $"not detected; rule {closest.Rule} came closest: {closest.Failed}" : "not detected; no rule comes close",
    };
}
