using System.Collections.Immutable;
using DynamicToolset.Capabilities;
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

    /// <summary>What it said of itself, by the requests that it was asked so far; null where an answer said nothing.</summary>
    public ImmutableArray<string?> Parts { get; init; } = [];

    /// <summary>What it says of itself; null where it was not asked all of it, or an answer said nothing.</summary>
    public CapabilityLine? Says { get; init; }
}
