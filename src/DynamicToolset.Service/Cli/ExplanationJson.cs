using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Discovery;
using DynamicToolset.Manifests;

namespace DynamicToolset.Service.Cli;

/// <summary>Explanations for machines.</summary>
internal static class ExplanationJson
{
    /// <param name="health">Told only of what was checked: who did not ask for checks gets the fields that there always are.</param>
    public static string Of(ImmutableArray<ServiceExplanation> explanations, ExplainedHealth health) =>
        PrintedJson.Of(new JsonObject { ["services"] = new JsonArray([.. explanations.Select(e => Of(e, health))]) });

    private static JsonObject Of(ServiceExplanation explanation, ExplainedHealth health)
    {
        JsonObject told = Of(explanation);
        if (explanation.Detection is Detection.Matched found && health.Of(found) is { } outcome)
        {
            told["health"] = new JsonObject
            {
                ["healthy"] = outcome.Advice is null ? outcome.IsSuccess : null,
                ["reason"] = outcome.Reason,
                ["status"] = outcome.StatusCode,
                ["override"] = health.MissingOf(found)?.Override,
            };
        }

        return told;
    }

    private static JsonObject Of(ServiceExplanation explanation)
    {
        Detection.Matched? match = explanation.Match;
        return new JsonObject
        {
            ["namespace"] = explanation.Service.Key.Namespace,
            ["name"] = explanation.Service.Key.Name,
            ["type"] = match?.Type,
            ["toolset"] = explanation.Toolset,
            ["url"] = match?.Endpoint.ToString(),
            ["rule"] = match?.Rule,
            ["twinOf"] = match is null ? null : (explanation.Detection as Detection.Twin)?.Of.ToString(),
            ["port"] = match is null ? null : new JsonObject { ["name"] = match.Port.Name, ["number"] = match.Port.Number },
            ["why"] = new JsonArray([.. explanation.Verdicts.Where(v => v.IsMatched || v.IsClose).Select(v => new JsonObject
            {
                ["rule"] = v.Rule,
                ["matched"] = v.IsMatched && explanation.IsConsidered,
                ["failed"] = explanation.IsConsidered ? v.Failed : ExplanationWords.NotConsidered,
            })]),
        };
    }
}
