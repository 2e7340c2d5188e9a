using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Rounds;

/// <summary>Something that somebody should know, and most often mend.</summary>
/// <param name="Service">The Service that it is about; null for the ConfigMap.</param>
/// <param name="Detail">A sentence for people: what is wrong, and what to do.</param>
public sealed record Problem(ProblemKind Kind, ObjectKey? Service, string Detail)
{
    /// <summary>As long as this stays the problem is the same, whatever else its detail says by then.</summary>
    public string About { get; init; } = Detail;

    /// <summary>Of the Service; empty for the ConfigMap, whose own is known where it is.</summary>
    public string ServiceUid { get; init; } = "";

    /// <summary>What it is about in single words, for the fields of a log line: keys, names, a reason; empty where the detail says it all.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    public (ProblemKind, ObjectKey?, string) Identity => (Kind, Service, About);
}

/// <summary>What is wrong.</summary>
public enum ProblemKind
{
    /// <summary>A Service asks to be a toolset in a way that cannot be followed.</summary>
    MalformedAnnotation,

    /// <summary>A Service is larger than any that is looked at.</summary>
    ServiceTooLarge,

    /// <summary>A namespace has more Services, or more backends, than are looked at; told of the first that is not.</summary>
    NamespaceTooLarge,

    /// <summary><c>overrides.yaml</c>, or a file below it, cannot be used: the last good ones stay in force, or nothing is known of them.</summary>
    MalformedOverrides,

    /// <summary>The detector rules cannot be used: the last good ones stay in force.</summary>
    MalformedRules,

    /// <summary>What would be written for HolmesGPT is nothing that it would take; the key stays as it is.</summary>
    UnfitHolmesFile,

    /// <summary>A part of a toolset has no counterpart in HolmesGPT.</summary>
    LeftOutForHolmes,

    /// <summary>Every health check fails, and the toolsets stay.</summary>
    HealthPanic,

    /// <summary>Health checks say nothing by a fault of this side, and what is known of the backends stays.</summary>
    ChecksObstructed,

    /// <summary>The ConfigMap has no room for all toolsets.</summary>
    NoRoom,

    /// <summary>The ConfigMap is <c>immutable: true</c>.</summary>
    ConfigMapImmutable,

    /// <summary>The ConfigMap would be too large.</summary>
    ConfigMapTooLarge,

    /// <summary>A toolset does without a reference to a secret, since its Service lies outside of CREDENTIALS_NAMESPACES.</summary>
    WithheldCredentials,

    /// <summary>A backend answers, and wants credentials that HolmesGPT is not given.</summary>
    MissingCredentials,

    /// <summary>A backend answers, and wants to be told for which tenant, which HolmesGPT does not do.</summary>
    MissingTenant,

    /// <summary>A backend answers as it should, and there is nothing to be found.</summary>
    NoData,

    /// <summary>The certificates of https backends are verified by nobody, HolmesGPT included.</summary>
    UnverifiedCertificates,

    /// <summary>It was there and is gone.</summary>
    ConfigMapMissing,

    /// <summary>Somebody else keeps undoing what is written.</summary>
    ContestedKey,

    /// <summary>Another object is the controller of the ConfigMap.</summary>
    OtherController,

    /// <summary>The owner of the ConfigMap is not as it should be, or not known, for another reason.</summary>
    NotOwned,

    /// <summary>The overrides, or a file below them, have something that is taken as it stands and surely was not meant.</summary>
    OverrideSlip,

    /// <summary>An override waits for a backend or a URL.</summary>
    DormantOverride,

    /// <summary>A key of somebody else stands in the ConfigMap; it stays.</summary>
    ForeignKey,
}
