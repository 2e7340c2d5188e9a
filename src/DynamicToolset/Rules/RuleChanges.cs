using System.Collections.Immutable;

namespace DynamicToolset.Rules;

/// <summary>What became of rules from one set to the next: their names, in ordinal order.</summary>
/// <param name="Replaced">There before and after, and not the same.</param>
public sealed record RuleChanges(ImmutableArray<string> Added, ImmutableArray<string> Replaced, ImmutableArray<string> Removed)
{
    public static RuleChanges None { get; } = new([], [], []);

    public bool IsEmpty => Added.IsEmpty && Replaced.IsEmpty && Removed.IsEmpty;

    /// <summary>For a person: <c>added loki; replaced grafana, jaeger</c>.</summary>
    public override string ToString() =>
        string.Join("; ", new[] { Part("added", Added), Part("replaced", Replaced), Part("removed", Removed) }.Where(p => p.Length > 0));

    private static string Part(string verb, ImmutableArray<string> names) => names.IsEmpty ? "" : $"{verb} {string.Join(", ", names)}";
}
