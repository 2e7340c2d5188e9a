using DynamicToolset.Rules;

namespace DynamicToolset.Identification;

/// <summary>What one visit has told so far. A visit adds to it and takes nothing back.</summary>
public sealed record Findings
{
    public static Findings None { get; } = new();

    /// <summary>What it is; null where nothing told.</summary>
    public BackendIdentity? Identity { get; init; }

    /// <summary>A guard answered in its place when it was asked what it is: it would answer the next request of that kind too.</summary>
    public bool IsGuarded { get; init; }

    /// <summary>What HolmesGPT will meet there; null where nothing told.</summary>
    public QuestionVerdict? Verdict { get; init; }
}
