using System.Collections.Immutable;

namespace DynamicToolset.Service.Http;

/// <summary>One part of what a health path answers.</summary>
/// <param name="Name">Shown in the answer. It names a part of this program: health paths are open to everybody.</param>
/// <param name="Detail">What is wrong and what to do, such as a right that is missing and the manifest that grants it, or who leads, and no other name of the cluster's; null where there is nothing to say.</param>
public sealed record SelfCheck(string Name, bool Passes, string? Detail = null)
{
    /// <summary>Something is wrong all the same, which leaves the whole ready.</summary>
    public bool IsWarning { get; private init; }

    /// <summary>ok, warning or failed.</summary>
    public string Word => IsWarning ? "warning" : Passes ? "ok" : "failed";

    /// <summary>For who is on call, by name; they tell how near it is to a failure, and decide nothing.</summary>
    public ImmutableArray<(string Name, double Value)> Figures { get; init; } = [];

    /// <summary>The same, with a length of time that is known only where it is not null.</summary>
    public SelfCheck Since(string name, TimeSpan? passed) =>
        passed is { } time ? this with { Figures = Figures.Add((name, Math.Round(time.TotalSeconds, 3))) } : this;

    /// <param name="trouble">What is wrong and what to do; null where nothing is.</param>
    public static SelfCheck Of(string name, bool passes, string? trouble) => new(name, passes, trouble) { IsWarning = passes && trouble is not null };
}
