using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;
using DynamicToolset.Overrides;
using DynamicToolset.Rules;

namespace DynamicToolset.Discovery;

/// <summary>Why a Service was detected or not.</summary>
/// <param name="Detection">What it is, or would be were its namespace considered.</param>
/// <param name="IsConsidered">False where it lies outside of the namespaces that are looked at.</param>
/// <param name="Toolset">The name of its toolset while it is healthy; null where it has none.</param>
/// <param name="Lost">The name that it asked for; null where it got it.</param>
/// <param name="SchemeReason">Why its URL is http or https, for a person; null where it has none.</param>
/// <param name="Verdicts">Those of the rules that match or come close, the closest first.</param>
/// <param name="Advice">The annotations that would make it a toolset of its own; null where it is one, or where none would.</param>
public sealed record ServiceExplanation(
    Detection Detection,
    bool IsConsidered,
    string? Toolset,
    LostName? Lost,
    string? SchemeReason,
    ImmutableArray<RuleVerdict> Verdicts,
    AnnotationAdvice? Advice)
{
    public ServiceRecord Service => Detection.Service;

    /// <summary>Where its toolset does without a reference to a secret, such as <c>config.apiKey</c>; empty where nowhere.</summary>
    public ImmutableArray<string> WithheldCredentials { get; init; } = [];

    /// <summary>The real one in its namespace: while that answers this one has no toolset, since it is only compatible. Null for all others.</summary>
    public ObjectKey? StandsInFor { get; init; }

    /// <summary>True where HolmesGPT takes one toolset of the kind, and this is not the one.</summary>
    public bool IsUnseenByHolmes { get; init; }

    /// <summary>Which overrides say what of its toolset; empty where none does.</summary>
    public ImmutableArray<OverrideOrigin> Overrides { get; init; } = [];

    /// <summary>Who verifies the certificate of an https backend, and what to do; null where there is none, or nothing is known of it.</summary>
    public string? Certificate { get; init; }

    /// <summary>What it is, be it in its own right or as a twin; null where it is none.</summary>
    public Detection.Matched? Match => !IsConsidered ? null : Detection as Detection.Matched ?? (Detection as Detection.Twin)?.Match;

    /// <summary>The verdict that answers the question: that of the rule in force, else of the one that came closest; null where none came close.</summary>
    public RuleVerdict? Closest =>
        Verdicts.FirstOrDefault(v => v.Rule == Match?.Rule) ?? Verdicts.FirstOrDefault(v => v.IsMatched || v.IsClose);

    /// <summary>It is something, was meant to be, or its name or labels say that it might be.</summary>
    public bool IsNotable =>
        Detection is not Detection.NotMatched || Verdicts.Any(v => v.IsMatched || v.IsNear) || IgnoredAnnotations.Any() || MisspeltAnnotations.Any();

    /// <summary>Annotations that somebody meant for this service, and that say nothing without another one. What is skipped or left alone says why.</summary>
    public IEnumerable<string> IgnoredAnnotations =>
        Detection is Detection.NotMatched or Detection.Matched { IsAskedFor: false } or Detection.Twin { Match.IsAskedFor: false }
        ? ToolsetAnnotations.Details.Where(Service.Annotations.ContainsKey)
        : [];

    /// <summary>Annotations that are called nearly as one of ours is, and are none.</summary>
    public IEnumerable<(string Name, string Meant)> MisspeltAnnotations =>
        from name in Service.Annotations.Keys.Order(StringComparer.Ordinal)
        where OwnAnnotation.IsOne(name) && name != ToolsetAnnotations.Toolset && !ToolsetAnnotations.Details.Contains(name)
        let meant = ToolsetAnnotations.Details.Append(ToolsetAnnotations.Toolset).FirstOrDefault(known => Spelling.IsSlipOf(name, known))
        where meant is not null
        select (name, meant);
}
