using System.Collections.Immutable;
using DynamicToolset.Backends;
using DynamicToolset.Capabilities;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;

namespace DynamicToolset.Identification;

/// <summary>One endpoint that is visited, to be asked what it is and what HolmesGPT will ask it.</summary>
/// <param name="Endpoint">Where.</param>
/// <param name="Fingerprint">
/// Of the rule that found it, whatever it was taken for since: the same request gets the same answer. Null where it is not asked what it is.
/// </param>
/// <param name="Version">The Service's resourceVersion: when it changes, the backend may be another one.</param>
/// <param name="IsWanted">It is there to be asked: it passes its checks, or was left out for what it is.</param>
/// <param name="IsInPlace">It has a toolset already, by an earlier run or another replica, and is taken for what it is there until it answers.</param>
public sealed record IdentityTarget(
    EndpointKey Key, EndpointUrl Endpoint, Fingerprint? Fingerprint, string Version, bool IsWanted, bool IsInPlace)
{
    /// <summary>Of what was found, whatever it is taken for since; wanted, and not in place.</summary>
    /// <param name="rules">See <see cref="Rules"/>.</param>
    /// <param name="isTelling">It is asked what it says of itself.</param>
    public static IdentityTarget Of(Detection.Matched found, RuleSet rules, bool isTelling) =>
        new(found.EndpointKey, found.AskedAt, found.Fingerprint, found.Service.ResourceVersion, IsWanted: true, IsInPlace: false)
        {
            Assumed = found.AnswersAs,
            TokenFile = found.Ways.TokenFile,
            Question = found.Question,
            Kind = isTelling ? found.FoundAs : null,
            Product = found.Product,
            Rules = rules,
        };

    /// <summary>What an earlier run or another replica took it for; null where that is what its rule says.</summary>
    public string? Assumed { get; init; }

    /// <summary>What HolmesGPT will ask it, by the rule that found it; null where that is not asked.</summary>
    public Question? Question { get; init; }

    /// <summary>The type that the rule which found it takes it for; null where it is not asked what it says of itself.</summary>
    public string? Kind { get; init; }

    /// <summary>The file with the token that it is shown where it does not say what it is without one; null where there is none for it.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Which the question is for; null where whatever it is has to answer it.</summary>
    public string? Product { get; init; }

    /// <summary>By which another product is asked something else, that it may turn out to be.</summary>
    public RuleSet? Rules { get; init; }

    /// <summary>
    /// What is asked in the end. A backend that says each time that it is something else must not bring about a visit each time, so this is one more
    /// request of the same visit.
    /// </summary>
    /// <param name="identity">Null where it did not tell what it is.</param>
    public Question? QuestionTo(BackendIdentity? identity)
    {
        if (identity is null || Product is null || identity.Name == Product)
            return Question;
        return Rules?.FindRuleOf(identity.Name) is { } rule && Rules.QuestionOf(rule) is { } question
            ? question with { Path = rule.Path + question.Path }
            : null;
    }

    /// <summary>What it is asked of itself in the end, as <see cref="QuestionTo"/>.</summary>
    public ImmutableArray<CapabilityQuestion> CapabilitiesOf(BackendIdentity? identity)
    {
        bool isOther = Kind is not null && identity is not null && Product is not null && identity.Name != Product;
        if (!isOther)
            return Kind is null ? [] : BackendKinds.Of(Kind).Capabilities;
        return Rules?.FindRuleOf(identity!.Name) is { } rule
            ? [.. BackendKinds.Of(rule.Type).Capabilities.Select(q => q with { Path = rule.Path + q.Path })]
            : [];
    }

    public bool HasRequests => Fingerprint is not null || Question is not null || !CapabilitiesOf(null).IsEmpty;

    /// <summary>Whether the same would be asked of the same.</summary>
    public bool IsAskedLike(IdentityTarget other) =>
        Endpoint == other.Endpoint && Fingerprint == other.Fingerprint && Question == other.Question && Product == other.Product
        && Kind == other.Kind && Version == other.Version && TokenFile == other.TokenFile;
}
