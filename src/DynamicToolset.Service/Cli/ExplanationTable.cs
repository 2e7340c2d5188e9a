using System.Collections.Immutable;
using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Service.Explaining;

namespace DynamicToolset.Service.Cli;

/// <summary>The explanations of many Services for a person: a row for each one that is something, or nearly is.</summary>
internal static class ExplanationTable
{
    private static readonly string[] Titles = ["NAMESPACE", "NAME", "TYPE", "TOOLSET", "URL", "WHY"];

    public static string Of(ImmutableArray<ServiceExplanation> explanations, ExplainedHealth health)
    {
        ImmutableArray<ServiceExplanation> notable = [.. explanations.Where(e => e.IsNotable)];
        var text = new StringBuilder();
        if (!notable.IsEmpty)
            text.Append(TextTable.Of([Titles, .. notable.Select(e => Row(e, health))]));
        int rest = explanations.Length - notable.Length;
        if (rest > 0 || notable.IsEmpty)
            text.Append(notable.IsEmpty ? "" : "\n").Append(Rest(rest, notable.IsEmpty)).Append('\n');
        return text.ToString();
    }

    private static string Rest(int count, bool isAll) => (count, isAll) switch
    {
        (0, _) => "There is no Service.",
        (1, true) => "1 Service: no rule comes near it.",
        (_, true) => $"{count} Services: no rule comes near any of them.",
        (1, _) => "1 more Service: no rule comes near it.",
        _ => $"{count} more Services: no rule comes near any of them.",
    };

    private static string[] Row(ServiceExplanation explanation, ExplainedHealth health)
    {
        ObjectKey key = explanation.Service.Key;
        Detection.Matched? match = explanation.Match;
        string type = match?.Type ?? "-";
        return [key.Namespace, key.Name, type, explanation.Toolset ?? "-", match?.Endpoint.ToString() ?? "-", ExplanationWords.Why(explanation, health)];
    }
}
