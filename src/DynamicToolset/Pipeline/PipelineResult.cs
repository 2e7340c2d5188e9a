using System.Collections.Immutable;
using DynamicToolset.Discovery;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Pipeline;

/// <param name="Names">Who has which name.</param>
/// <param name="Toolsets">Theirs, and those that need no endpoint, without those that are left out.</param>
/// <param name="LeftOut">Toolsets for which the ConfigMap has no room; the first is the next to come in.</param>
/// <param name="Holmes">The file for HolmesGPT, with what is left out and why; null without HOLMES_FORMAT.</param>
/// <param name="MadeOf">What all but the names was made of.</param>
public sealed record PipelineResult(
    GivenNames Names,
    ToolsetList Toolsets,
    ImmutableArray<Toolset> LeftOut,
    HolmesFile? Holmes,
    DesiredConfigMap Desired,
    PackingInput MadeOf)
{
    /// <summary>The endpoints that answer, with their names.</summary>
    public ImmutableArray<NamedEndpoint> Endpoints => Names.Endpoints;

    /// <inheritdoc cref="Shortfall.In"/>
    public ImmutableArray<Shortfall> Shortfalls(Func<ToolsetSource.Service, QuestionVerdict?> met) => Shortfall.In(Toolsets.Toolsets, Holmes, met);

    /// <inheritdoc cref="UnverifiedCertificate.In"/>
    public ImmutableArray<UnverifiedCertificate> CertificatesUnverified => UnverifiedCertificate.In(Toolsets.Toolsets, Holmes);
}
