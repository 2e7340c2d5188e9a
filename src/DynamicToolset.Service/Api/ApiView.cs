using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Pipeline;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Service.Explaining;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Service.Api;

/// <summary>
/// One state as the API shows it. Every answer comes from one of these, so no answer mixes two moments; what is asked for by many is made once.
/// </summary>
internal sealed class ApiView
{
    private const int MostExplanations = 1000;

    private readonly Func<RuleSet, ToolsetPipeline> _pipelineOf;
    private readonly ImmutableDictionary<ObjectKey, Shortfall> _shortfalls;
    private readonly ImmutableHashSet<ObjectKey> _unverified;
    private readonly Lazy<ImmutableArray<ToolsetDocument>> _toolsets;
    private readonly Lazy<ImmutableArray<ServiceDocument>> _services;
    private readonly Lazy<ImmutableArray<Problem>> _problems;
    private readonly Lazy<Answer> _allToolsets;
    private readonly Lazy<Answer> _allServices;
    private bool _isAskedForToolsets;
    private bool _isAskedForServices;
    private readonly Lazy<ExplainedHealth> _explainedHealth;
    private readonly Lazy<ImmutableArray<ServiceExplanation>> _explanations;
    private readonly Lazy<ImmutableHashSet<ObjectKey>> _takenForHealthy;

    /// <param name="state">Its health may have later times than the round saw, and the same verdicts.</param>
    /// <param name="pipelineOf">By which Services are explained.</param>
    /// <param name="before">An earlier view of the same round, whose explanations still hold; null if there is none.</param>
    public ApiView(ControllerState state, Func<RuleSet, ToolsetPipeline> pipelineOf, ApiView? before = null)
    {
        State = state;
        _pipelineOf = pipelineOf;
        _shortfalls = state.Shortfalls.ToImmutableDictionary(s => s.Service);
        _unverified = [.. state.Result.CertificatesUnverified.Select(c => c.Service)];
        Names = state.Result.Names.Holders.ByHolder();
        Matched = state.Detected.Matched.ToDictionary(d => d.Service.Key);
        _toolsets = new(() => [.. State.Result.Toolsets.Toolsets.Select(DocumentOf)]);
        _services = new(() => [.. State.Detected.Matched.Select(DocumentOf)]);
        _problems = new(() => Rounds.Problems.Of(State));
        _allToolsets = new(() => AnswerOf(_toolsets.Value));
        _allServices = new(() => AnswerOf(_services.Value));
        _explainedHealth = new(ExplainedHealth);
        _explanations = before?._explanations ?? new(Explain);
        _takenForHealthy = new(() => [.. state.Result.Names.Endpoints.Select(e => e.Detection.Service.Key), .. state.Result.Names.StandingBy.Keys]);
    }

    public ControllerState State { get; }

    /// <summary>Those that are detected.</summary>
    public IReadOnlyDictionary<ObjectKey, Detection.Matched> Matched { get; }

    public ImmutableArray<ServiceDocument> ServiceDocuments => _services.Value;

    public ImmutableArray<Problem> Problems => _problems.Value;

    /// <summary>So that whoever asks for it next does not have to wait.</summary>
    public void MakeWhatWasAskedOf(ApiView before)
    {
        if (before._isAskedForToolsets)
            _ = _allToolsets.Value;
        if (before._isAskedForServices)
            _ = _allServices.Value;
    }

    /// <param name="enabled">Null for both.</param>
    /// <param name="healthy">Null for all; where nothing is checked it is neither.</param>
    public Answer Toolsets(bool? enabled, bool? healthy) => (enabled, healthy) is (null, null)
        ? Asked(_allToolsets, ref _isAskedForToolsets)
        : AnswerOf([.. _toolsets.Value.Where(t => (enabled is null || t.Enabled == enabled) && (healthy is null || t.Healthy == healthy))]);

    /// <summary>Null where there is none of this name.</summary>
    public Answer? Toolset(string name)
    {
        Toolset? toolset = State.Result.Toolsets.Toolsets.FirstOrDefault(t => t.Name == name);
        if (toolset is null)
            return null;
        ToolsetDocument document = DocumentOf(toolset) with { HealthHistory = HistoryOf(DetectionOf(toolset)) };
        return Answer.Of(document, ApiJson.Default.ToolsetDocument);
    }

    /// <param name="ns">Null for all namespaces.</param>
    /// <param name="type">Null for all types.</param>
    public Answer Services(string? ns, string? type) => (ns, type) is (null, null)
        ? Asked(_allServices, ref _isAskedForServices)
        : AnswerOf([.. _services.Value.Where(s => (ns is null || s.Namespace == ns) && (type is null || s.Type == type))]);

    /// <summary>Every type that a Service may have, in the order in which they are shown.</summary>
    public IEnumerable<string> Types => [.. State.Rules.InForce.Types.Select(t => t.Name), BuiltInRules.Custom.Name];

    /// <summary>Which Service has which toolset name, or has it reserved.</summary>
    public IReadOnlyDictionary<ObjectKey, string> Names { get; }

    /// <summary>Of those Services that are something, or nearly are.</summary>
    public Answer Explanations() => AnswerOf(_explanations.Value.Where(e => e.IsNotable).Take(MostExplanations));

    /// <summary>Null where there is no such Service.</summary>
    public Answer? Explanation(ObjectKey service) =>
        State.Detected.Seen.FirstOrDefault(s => s.Key == service) is { } record ? AnswerOf([Explain(record)]) : null;

    /// <summary>Null where its health is not known.</summary>
    public HealthDocument? HealthOf(Detection.Matched detection)
    {
        if (State.Health.Checks.Find(detection.EndpointKey) is not { } state)
            return null;
        CheckRecord? last = state.History.IsEmpty ? null : state.History[^1];
        Shortfall? missing = state.WantsCredentials ? _shortfalls.GetValueOrDefault(detection.Service.Key) : null;
        return new HealthDocument(
            Word(Status(detection)),
            last?.Reason ?? (state.IsAssumed ? "assumed" : "unchecked"),
            last?.StatusCode,
            detection.Health.Action,
            state.Since,
            last?.EndedAt,
            (int?)last?.Took.TotalMilliseconds,
            state.Obstacle ?? missing?.Advice ?? (_unverified.Contains(detection.Service.Key) ? UnverifiedCertificate.Advice : null),
            missing?.Override)
        {
            Tried = state.Tried is { } tried ? ExplanationWords.Of(tried) : null,
        };
    }

    /// <summary><see cref="Explanation"/> for people; null if there is no such Service.</summary>
    public (ServiceExplanation Explanation, ExplainedHealth Health)? Explained(ObjectKey service) =>
        State.Detected.Seen.FirstOrDefault(s => s.Key == service) is { } record ? (Explain(record), _explainedHealth.Value) : null;

    /// <summary>As it was judged: in a panic what fails is kept, and shown as failing.</summary>
    public HealthStatus Status(Detection.Matched detection) => State.Health.Checks.StatusOf(detection.EndpointKey);

    public static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Unhealthy => "unhealthy",
        _ => "unknown",
    };

    public static bool? Flag(HealthStatus status) => status == HealthStatus.Unknown ? null : status == HealthStatus.Healthy;

    /// <summary>What was only made ahead was not asked for.</summary>
    private static Answer Asked(Lazy<Answer> answer, ref bool isAskedFor)
    {
        isAskedFor = true;
        return answer.Value;
    }

    private Answer AnswerOf(ImmutableArray<ToolsetDocument> toolsets)
    {
        ToolsetList list = new(toolsets, toolsets.Length, State.Observed?.ResourceVersion, State.AsOf);
        return Answer.Of(list, list.WithoutMoments(), ApiJson.Default.ToolsetList);
    }

    private Answer AnswerOf(ImmutableArray<ServiceDocument> services)
    {
        ServiceList list = new(services, services.Length, State.AsOf);
        return Answer.Of(list, list.WithoutMoments(), ApiJson.Default.ServiceList);
    }

    private Answer AnswerOf(IEnumerable<ServiceExplanation> explanations)
    {
        ExplainedHealth health = _explainedHealth.Value;
        ExplainedServices services = new([.. explanations.Select(e => Explained(e, health))]);
        return Answer.Of(services, ApiJson.Default.ExplainedServices);
    }

    private ToolsetDocument DocumentOf(Toolset toolset)
    {
        Detection.Matched? detection = DetectionOf(toolset);
        return new ToolsetDocument(
            toolset.Name,
            toolset.Type,
            toolset.IsEnabled,
            detection is null ? null : Flag(Status(detection)),
            RedactedConfig.Of(toolset.Body["config"] as ToolsetValue.Map ?? ToolsetValue.Map.Empty),
            detection?.Endpoint.ToString(),
            detection is null ? null : State.Sightings.Of(detection.Service.Key),
            detection is null ? null : State.Health.Checks.Find(detection.EndpointKey)?.LastChecked)
        {
            Service = detection?.Service.Key.ToString(),
            Health = detection is null ? null : HealthOf(detection),
        };
    }

    /// <summary>Null without a Service, or if an admin wrote the URL, which is not checked.</summary>
    private Detection.Matched? DetectionOf(Toolset toolset)
    {
        if (toolset.Source is not ToolsetSource.Service { Key: var key } || Matched.GetValueOrDefault(key) is not { } detection)
            return null;
        var url = (toolset.Body["config"] as ToolsetValue.Map)?["url"] as ToolsetValue.Text;
        return url is null || url.Value.TrimEnd('/') == detection.Endpoint.ToString() ? detection : null;
    }

    private ImmutableArray<CheckDocument> HistoryOf(Detection.Matched? detection) => detection is null
        ? []
        : [.. (State.Health.Checks.Find(detection.EndpointKey)?.History ?? []).Reverse().Select(c =>
            new CheckDocument(c.EndedAt, Word(c.Verdict), c.Reason, c.StatusCode, (int)c.Took.TotalMilliseconds))];

    private ServiceDocument DocumentOf(Detection.Matched detection)
    {
        ServiceRecord service = detection.Service;
        RuleSet rules = State.Rules.InForce;
        return new ServiceDocument(
            service.Key.Name,
            service.Key.Namespace,
            detection.Type,
            detection.Endpoint.ToString(),
            Flag(Status(detection)),
            Only(service.Labels, rules.LabelsRead.Contains),
            Only(service.Annotations, key => ServiceNews.IsRead(rules, key)),
            State.Sightings.Of(service.Key))
        {
            Toolset = Names.GetValueOrDefault(service.Key),
            AsProbed = ExplanationWords.AsProbed(detection),
            Identity = State.Identities.Find(detection.EndpointKey) is { } identity ? new ExplainedIdentity(identity.Name, identity.Version) : null,
            Says = State.Lines.TextOf(detection.EndpointKey),
            Health = HealthOf(detection),
            Question = VerdictOf(detection) is { } verdict ? ExplainedQuestion.Of(verdict, _shortfalls.GetValueOrDefault(service.Key)) : null,
        };
    }

    private QuestionVerdict? VerdictOf(Detection.Matched detection) => State.VerdictOf(detection, _unverified);

    private static ImmutableSortedDictionary<string, string> Only(IReadOnlyDictionary<string, string> pairs, Func<string, bool> isRead) =>
        pairs.Where(p => isRead(p.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal);

    private ImmutableArray<ServiceExplanation> Explain() => _pipelineOf(State.Rules.InForce).Explain(
        State.Detected.Seen, State.Result.Names.Holders, State.Overrides, WasTakenForHealthy, State.Identities.Find, FormOf);

    private ServiceExplanation Explain(ServiceRecord service) => _pipelineOf(State.Rules.InForce).ExplainOne(
        service, State.Detected.All, State.Result.Names.Holders, State.Overrides, WasTakenForHealthy);

    /// <summary>By the round, which may know better than the last check.</summary>
    private bool WasTakenForHealthy(Detection.Matched detection) => _takenForHealthy.Value.Contains(detection.Service.Key);

    private EndpointForm? FormOf(EndpointKey endpoint) => State.Forms.TryGetValue(endpoint, out EndpointForm form) ? form : null;

    private static ExplainedService Explained(ServiceExplanation explanation, ExplainedHealth health) =>
        ExplainedService.Of(explanation, health) with { Summary = ExplanationWords.Why(explanation, health) };

    private ExplainedHealth ExplainedHealth() => new(
        Matched.Values.Select(d => (d.Health, State.Health.Checks.Find(d.EndpointKey)?.Last))
            .Where(d => d.Last is not null)
            .ToImmutableDictionary(d => d.Health, d => d.Last!),
        _shortfalls)
    {
        Identities = State.Identities.Identities,
        Lines = State.Lines.Told,
        VerdictOf = VerdictOf,
        Tried = State.Health.Checks.States.Where(s => s.Value.Tried is not null).ToImmutableDictionary(s => s.Key, s => s.Value.Tried!),
    };
}
