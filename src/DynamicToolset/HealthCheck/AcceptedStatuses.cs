using System.Collections.Immutable;

namespace DynamicToolset.HealthCheck;

/// <summary>
/// The HTTP status codes that mean "healthy"; 401 and 403 among them mean that the backend is there and wants credentials. Equal where the codes are.
/// </summary>
public sealed record AcceptedStatuses(ImmutableArray<int> Codes)
{
    /// <summary>Where a rule says nothing else: 200, 204, 401 and 403.</summary>
    public static AcceptedStatuses Default { get; } = new([200, 204, 401, 403]);

    /// <summary>Without credentials (401), or with those that were sent, which are none (403), the request is not answered.</summary>
    public static bool MeanCredentials(int code) => code is 401 or 403;

    public bool Contains(int code) => Codes.Contains(code);

    public bool Equals(AcceptedStatuses? other) => other is not null && Codes.SequenceEqual(other.Codes);

    public override int GetHashCode() => Codes.Length;

    public override string ToString() => string.Join(", ", Codes);
}
