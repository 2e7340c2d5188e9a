namespace DynamicToolset.Rules;

/// <summary>A label that a Service must carry, with exactly this value.</summary>
public sealed record LabelCondition(string Key, string Value)
{
    public bool IsMetBy(IReadOnlyDictionary<string, string> labels) =>
        labels.TryGetValue(Key, out string? value) && value == Value;
}
