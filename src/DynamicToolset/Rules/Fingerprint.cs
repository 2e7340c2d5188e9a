using System.Collections.Immutable;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Rules;

/// <summary>How a backend is asked what it is: one request after another, until an answer tells.</summary>
/// <param name="Requests">The first is the one that the product of the rule answers; the others are for what is taken for it.</param>
public sealed record Fingerprint(ImmutableArray<FingerprintRequest> Requests)
{
    /// <summary>Of one backend, each time that it is asked.</summary>
    public const int MostRequests = 6;

    /// <summary>More of a body is not read; a body of this size says nothing, since nobody knows how it ends.</summary>
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

    /// <summary>Credentials are wanted, and whoever wants them answers for what stands behind: the next request would be answered likewise.</summary>
    public static bool IsGuard(ProbeAnswer answer) => answer is ProbeAnswer.Response response && AcceptedStatuses.MeanCredentials(response.Status);

    /// <summary>A guard, or somebody who leads elsewhere, answers for whatever stands behind.</summary>
    private static bool IsSilent(ProbeAnswer.Response response) =>
        response.Status is >= 300 and < 400 || IsGuard(response) || response.Body.Length >= Fingerprint.MostBodyBytes;
}

/// <param name="Name">Of the product that an answer shows by which the condition holds.</param>
/// <param name="Version">Where in the JSON of the answer its version stands; null where it does not.</param>
public sealed record IdentitySign(string Name, AnswerCondition When, JsonPointer? Version);
