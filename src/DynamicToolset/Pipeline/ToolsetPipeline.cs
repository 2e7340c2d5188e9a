using System.Collections.Immutable;
using DynamicToolset.Backends;
using DynamicToolset.Capabilities;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Overrides;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Pipeline;

/// <summary>
/// The whole decision, from Services to the ConfigMap that should be there:
/// detect -> (health, asked elsewhere) -> name -> generate with overrides -> pack.
/// </summary>
/// <param name="Namespaces">Only Services there are considered; empty means everywhere.</param>
/// <param name="PreferredNamespaces">Their Services come first where several compete for one name.</param>
/// <param name="ClusterDomain">Empty for URLs of the form <c>service.namespace</c>.</param>
public sealed record ToolsetPipeline(
    RuleSet Rules, ImmutableArray<string> Namespaces, ImmutableArray<string> PreferredNamespaces, string ClusterDomain)
{
    /// <summary>How the file for HolmesGPT is made; null without HOLMES_FORMAT.</summary>
    public HolmesProfile? Holmes { get; init; }

    public CredentialScope Credentials { get; init; } = CredentialScope.Everywhere;

    /// <summary>Of our own checks.</summary>
    public CheckTokens Tokens { get; init; } = CheckTokens.None;

    public Detector Detector => new(Rules, ClusterDomain) { Tokens = Tokens };

    /// <inheritdoc cref="Detector.DetectAll"/>
    public ImmutableArray<Detection> Detect(
        IEnumerable<ServiceRecord> services,
        Func<EndpointKey, BackendIdentity?>? identities = null,
        Func<EndpointKey, EndpointForm?>? forms = null) => Detector.DetectAll(services.Where(IsConsidered), identities, forms);

    /// <summary>Why each Service was detected or not, or why its namespace is skipped.</summary>
    /// <param name="overrides">To say which of them has a say in a toolset; null for none.</param>
    /// <param name="identities">What the endpoints answered when they were asked what they are; null where they were not.</param>
    /// <param name="forms">In which form each is known to answer; null where they were not asked.</param>
    public ImmutableArray<ServiceExplanation> Explain(
        IEnumerable<ServiceRecord> services,
        Incumbents incumbents,
        OverrideState? overrides = null,
        Func<Detection.Matched, bool>? isHealthy = null,
        Func<EndpointKey, BackendIdentity?>? identities = null,
        Func<EndpointKey, EndpointForm?>? forms = null) =>
    [
        .. new Explainer(Detector, new NameResolver(Rules, PreferredNamespaces))
            .ExplainAll(services, IsConsidered, incumbents, isHealthy ?? (static _ => true), identities, forms)
            .Select(e => WithSettings(e, overrides)),
    ];

    /// <inheritdoc cref="Explainer.ExplainOne"/>
    public ServiceExplanation ExplainOne(
        ServiceRecord service,
        ImmutableArray<Detection> detections,
        Incumbents incumbents,
        OverrideState? overrides,
        Func<Detection.Matched, bool> isHealthy)
    {
        var explainer = new Explainer(Detector, new NameResolver(Rules, PreferredNamespaces));
        return WithSettings(explainer.ExplainOne(service, IsConsidered(service), detections, incumbents, isHealthy), overrides);
    }

    private ServiceExplanation WithSettings(ServiceExplanation explanation, OverrideState? overrides) => explanation with
    {
        WithheldCredentials = Credentials.WithheldFrom(explanation.Match),
        Certificate = CertificateOf(explanation.Match),
        IsUnseenByHolmes = explanation is { Lost.Holder: not null, Match: { } match } && IsOneOfAKind(match.Type),
        Overrides = explanation.Toolset is null || overrides is null ? [] : overrides.OriginsOf(explanation.Toolset),
    };

    private bool IsOneOfAKind(string type) => Holmes is { Target: HolmesTarget.Compat }
        && BackendKinds.Of(type).FormsFor(HolmesTarget.Compat).OfType<HolmesForm.BuiltIn>().Any(f => f.List is null);

    /// <summary>As far as the settings say; an override may say otherwise.</summary>
    private string? CertificateOf(Detection.Matched? match) => match?.Endpoint.Scheme != "https" || Holmes is null
        ? null
        : Holmes.TakesAnyCertificate ? UnverifiedCertificate.Advice : UnverifiedCertificate.WhereVerified;

    /// <param name="isHealthy">Whether an endpoint answers; those that do not are left out, and keep the names that they hold.</param>
    /// <param name="present">Null where there is no ConfigMap.</param>
    /// <param name="lastSeenOverrides">The bytes of <c>overrides.yaml</c> that come back with a ConfigMap that is not there; null where there are none.</param>
    /// <param name="before">An earlier result, from which what would come out the same is taken over; null if there is none.</param>
    /// <param name="says">The backends' descriptions of themselves; null if they were not asked.</param>
    public PipelineResult Generate(
        ImmutableArray<Detection.Matched> detections,
        Func<Detection.Matched, bool> isHealthy,
        Incumbents incumbents,
        OverrideState overrides,
        ConfigMapRecord? present,
        string? lastSeenOverrides,
        PipelineResult? before = null,
        Func<Detection.Matched, CapabilityLine?>? says = null)
    {
        GivenNames names = new NameResolver(Rules, PreferredNamespaces).Resolve(detections, isHealthy, incumbents);
        // While the admin's wishes are unknown the toolset keys that are there may carry them: a file made without them would say something else.
        bool keepsFile = !overrides.IsKnown && present is not null && present.Data.Keys.Any(ToolsetKey.IsToolset);
        string? holders = HolderAnnotation.Write(names.Recorded, Rules);
        var room = ConfigMapRoom.In(present, lastSeenOverrides, Desired([], overrides, keepsFile, holders));
        var generator = new ToolsetGenerator(Rules, Credentials) { Says = Holmes is { TellsCapabilities: true } && says is not null ? says : static _ => null };
        ToolsetList all = WithOrigins(generator.Generate(names, WishesIn(overrides)), overrides);
        var input = new PackingInput(all, overrides, room, keepsFile, holders, Holmes);
        return input == before?.MadeOf ? before with { Names = names } : Pack(input, names, before);
    }

    /// <summary>Where no file has a say, there is but one place to look at.</summary>
    private static ToolsetList WithOrigins(ToolsetList all, OverrideState overrides) => overrides.Files.Files.IsEmpty
        ? all
        : all with { Toolsets = [.. all.Toolsets.Select(t => t with { SetBy = SetBy(overrides.OriginsOf(t.Name)) })] };

    private static string SetBy(ImmutableArray<OverrideOrigin> origins) =>
        origins.All(o => o.Origin == ToolsetKey.Overrides) ? "" : OverrideOrigins.Describe(origins);

    /// <summary>Static, so that nothing decides but what is compared; <paramref name="before"/> only saves work.</summary>
    private static PipelineResult Pack(PackingInput input, GivenNames names, PipelineResult? before)
    {
        ImmutableSortedDictionary<string, ToolsetValue.Map> wishes = WishesIn(input.Overrides);
        Dictionary<string, string> texts = input.All.Toolsets.ToDictionary(t => t.Name, ToolsetYaml.Emit, StringComparer.Ordinal);
        (int Count, HolmesFile? File) fit = (-1, null);
        PackedToolsets packed = ToolsetPacker.Pack(input.All.Toolsets, t => t.Source is ToolsetSource.Service && MayGo(t.Type, t.Name, wishes), Fits);
        HolmesFile? holmes = packed.Kept.Length == fit.Count ? fit.File : FileOf(input.Holmes, packed.Kept, before);
        return new PipelineResult(names, input.All with { Toolsets = packed.Kept }, packed.LeftOut, holmes, Wanted(packed.Kept).With(holmes), input);

        // Most of the work is in the text for HolmesGPT: it is not made where there is no room even without it.
        bool Fits(ImmutableArray<Toolset> toolsets)
        {
            DesiredConfigMap wanted = Wanted(toolsets);
            if (!input.Room.IsEnoughFor(wanted))
                return false;
            HolmesFile? file = FileOf(input.Holmes, toolsets, before);
            if (!input.Room.IsEnoughFor(wanted.With(file)))
                return false;
            fit = (toolsets.Length, file);
            return true;
        }

        DesiredConfigMap Wanted(ImmutableArray<Toolset> toolsets) =>
            Desired([.. toolsets.Select(t => KeyValuePair.Create(t.DataKey, texts[t.Name]))], input.Overrides, input.KeepsFile, input.Holders);
    }

    private static DesiredConfigMap Desired(
        ImmutableArray<KeyValuePair<string, string>> data, OverrideState overrides, bool keepsFile, string? holders) =>
        DesiredConfigMap.Of(data, overrides.FirstProblem?.ToString(), keepsUnknown: !overrides.IsKnown, holders) with
        {
            KeptKeys = keepsFile ? [ToolsetKey.Holmes] : [],
        };

    /// <summary>Made anew only where a toolset changed: when another key grows there may be thousands that did not.</summary>
    private static HolmesFile? FileOf(HolmesProfile? profile, ImmutableArray<Toolset> toolsets, PipelineResult? before)
    {
        if (profile is null)
            return null;
        bool isKnown = before?.Holmes?.Profile == profile && before.Toolsets.Toolsets.SequenceEqual(toolsets);
        return isKnown ? before!.Holmes : new HolmesGenerator(profile).Generate(toolsets);
    }

    private static ImmutableSortedDictionary<string, ToolsetValue.Map> WishesIn(OverrideState overrides) => overrides.Merge() ?? OverrideSet.None.Entries;

    private static bool MayGo(string type, string name, ImmutableSortedDictionary<string, ToolsetValue.Map> wishes) =>
        type == BuiltInRules.Custom.Name && !wishes.ContainsKey(name);

    public bool IsConsidered(ServiceRecord service) => Namespaces.IsEmpty || Namespaces.Contains(service.Key.Namespace);
}
