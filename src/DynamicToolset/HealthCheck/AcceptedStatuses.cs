using System.Collections.Immutable;

namespace DynamicToolset.HealthCheck;

/// <summary>The HTTP status codes that mean "healthy". Equal where the codes are.</summary>
public sealed record AcceptedStatuses(ImmutableArray<int> Codes)
{
    /// <summary>200 and 204.</summary>
    public static AcceptedStatuses Default { get; } = new([200, 204]);

    public bool Contains(int code) => Codes.Contains(code);

    public bool Equals(AcceptedStatuses? other) => other is not null && Codes.SequenceEqual(other.Codes);

    public override int GetHashCode() => Codes.Length;

    public override string ToString() => string.Join(", ", Codes);
}
