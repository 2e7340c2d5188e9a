using System.Collections.Immutable;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Rules;

/// <summary>What an answer must be like, all of it. What is empty does not matter.</summary>
/// <param name="Statuses">One of these codes.</param>
/// <param name="Headers">By their names, whatever their case.</param>
/// <param name="Json">Fields of the body; where that is no JSON none of them is there, and the condition does not hold.</param>
public sealed record AnswerCondition(
    ImmutableArray<int> Statuses,
    ImmutableArray<KeyValuePair<string, TextCondition>> Headers,
    ImmutableArray<KeyValuePair<JsonPointer, TextCondition>> Json)
{
    /// <param name="json">Null where the body is none.</param>
    internal bool IsMetBy(ProbeAnswer.Response response, JsonAnswer? json)
    {
        if (!Statuses.IsEmpty && !Statuses.Contains(response.Status))
            return false;
        foreach ((string name, TextCondition value) in Headers)
        {
            if (!value.IsMetBy(response.HeaderOf(name)))
                return false;
        }

        if (!Json.IsEmpty && json is null)
            return false;
        foreach ((JsonPointer field, TextCondition value) in Json)
        {
            string? text = json!.Find(field);
            if ((text is null && json.IsCut) || !value.IsMetBy(text))
                return false;
        }

        return true;
    }
}
