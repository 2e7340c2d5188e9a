using System.Collections.Immutable;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Rules;

/// <summary>How to identify a backend: one request after another, until an answer identifies a product.</summary>
/// <param name="Requests">The first is the one that the product of the rule answers; the others are for products that are mistaken for it.</param>
public sealed record Fingerprint(ImmutableArray<FingerprintRequest> Requests)
{
    /// <summary>Most requests to one backend in one visit.</summary>
    public const int MostRequests = 6;

    /// <summary>No more of a body is read; a body of this size identifies nothing, since its end is unknown.</summary>
    public const int MostBodyBytes = 64 * 1024;

    /// <summary>Every name that an answer may give.</summary>
    public IEnumerable<string> Names => Requests.SelectMany(r => r.Signs).Select(s => s.Name);
}

/// <summary>One GET, and by what its answer tells who gave it.</summary>
/// <param name="Path">Starts with <c>/</c>, below the path of the endpoint; may have a query.</param>
/// <param name="Signs">The first that holds counts.</param>
public sealed record FingerprintRequest(string Path, ImmutableArray<IdentitySign> Signs)
{
    /// <summary>The headers that are looked at.</summary>
    public ImmutableArray<string> Headers { get; } =
        [.. Signs.SelectMany(s => s.When.Headers).Select(h => h.Key).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>What the answer says; null where it says nothing of who gave it, and then nothing that was known is contradicted.</summary>
    public BackendIdentity? IdentityIn(ProbeAnswer answer)
    {
        if (answer is not ProbeAnswer.Response response || IsSilent(response))
            return null;
        using var json = JsonAnswer.Of(response.Body);
        foreach (IdentitySign sign in Signs)
        {
            if (sign.When.IsMetBy(response, json))
                return new BackendIdentity(sign.Name, sign.Version is null ? null : BackendIdentity.VersionIn(json?.Find(sign.Version)));
        }

        return null;
    }

    /// <summary>Credentials are needed, perhaps by a proxy in front: the next request would get the same answer.</summary>
    public static bool IsGuard(ProbeAnswer answer) => answer is ProbeAnswer.Response response && AcceptedStatuses.MeanCredentials(response.Status);

    /// <summary>A proxy that asks for credentials, or redirects, answers for whatever is behind it.</summary>
    private static bool IsSilent(ProbeAnswer.Response response) =>
        response.Status is >= 300 and < 400 || IsGuard(response) || response.Body.Length >= Fingerprint.MostBodyBytes;
}

/// <param name="Name">Of the product that an answer shows by which the condition holds.</param>
/// <param name="Version">JSON pointer to the version in the answer; null if there is none.</param>
public sealed record IdentitySign(string Name, AnswerCondition When, JsonPointer? Version);
