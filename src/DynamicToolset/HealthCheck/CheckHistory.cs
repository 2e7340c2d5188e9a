using System.Collections.Immutable;

namespace DynamicToolset.HealthCheck;

/// <summary>The last checks of an endpoint, the newest last.</summary>
public static class CheckHistory
{
    public const int Longest = 20;

    public static ImmutableArray<CheckRecord> With(this ImmutableArray<CheckRecord> history, CheckRecord check) =>
        [.. history.Length < Longest ? history : history[^(Longest - 1)..], check];
}
