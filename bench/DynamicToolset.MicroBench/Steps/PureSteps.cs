using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.LeaderElection;
using DynamicToolset.Manifests;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.MicroBench.Steps;

/// <summary>What is decided without asking anybody.</summary>
internal static class PureSteps
{
    private const int UserRules = 50;

    private static readonly RuleSet Rules = BuiltInRules.All;

    private static readonly ToolsetPipeline Pipeline = new(Rules, [], [], "")
    {
        Holmes = new HolmesProfile(HolmesTarget.Compat, ["kubernetes/core", "kubernetes/logs"]),
    };

    /// <summary>Everything that is there counts as healthy, so that a round has all of it to write.</summary>
    private static readonly Round Round = new(new RoundOptions(Pipeline, "dynamic-toolset") { AreChecksEnabled = false });

    private static readonly ConfigMapRecord EmptyConfigMap = new(
        new ObjectKey("kubernaut-system", "kubernaut-toolset-config"), "uid", "1", Immutable: false, Texts([]), Texts([]), [], Texts([]),
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal), []);

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static ImmutableArray<Step> All { get; } =
    [
        new("detect", 1_000, n => DetectIn(SampleServices.Mixed(n), Rules)),
        new($"detect, with {UserRules} rules of a user", 1_000, n => DetectIn(SampleServices.Mixed(n), WithUserRules())),
        new("detect: twins", 500, n => DetectIn(SampleServices.Twins(n), Rules)),
        new("detect again: one has changed", 1_000, DetectAgain),
        new("explain all", 500, Explain),
        new("explain one", 500, ExplainOne),
        new("give names: all want the same", 500, GiveNames),
        new("generate", 50, Generate),
        new("pack: half has room", 500, Pack),
        new("merge overrides", 1_000, Merge),
        new("parse overrides", 200, n => () => OverrideParser.Parse(OverridesOf(n))),
        new("read the ConfigMap", 50, ReadPresent),
        new("plan", 100, Plan),
        new("diff", 100, Diff),
        new("decide: the first round", 1_000, n => Decide(SampleServices.Mixed(n), isFirst: true)),
        new("decide: nothing is new", 1_000, n => Decide(SampleServices.Mixed(n), isFirst: false)),
        new("decide: custom Services", 50, n => Decide(SampleServices.Custom(n), isFirst: true)),
        new("judge checks that pass", 500, n => Judge(n, isSuccess: true)),
        new("judge checks that fail", 500, n => Judge(n, isSuccess: false)),
        new("read manifests", 100, ReadManifests),
    ];

    private static Action DetectIn(ImmutableArray<ServiceRecord> services, RuleSet rules)
    {
        var detector = new Detector(rules);
        return () => detector.DetectAll(services);
    }

    private static Action DetectAgain(int count)
    {
        ImmutableArray<ServiceRecord> services = SampleServices.Mixed(count);
        var detector = new Detector(Rules);
        DetectedServices before = DetectedServices.None.Next(detector, static _ => true, SampleServices.Snapshot(services), 1);
        ServiceSnapshot changed = new([SampleServices.Snapshot(services).Parts[0].SetItem(services[0].Key, services[0] with { Ports = [] })]);
        return () => before.Next(detector, static _ => true, changed, 1);
    }

    private static Action Explain(int count)
    {
        ImmutableArray<ServiceRecord> services = SampleServices.Mixed(count);
        return () => Pipeline.Explain(services, Incumbents.None);
    }

    private static Action ExplainOne(int count)
    {
        ImmutableArray<ServiceRecord> services = SampleServices.Mixed(count);
        ImmutableArray<Detection> detections = [.. Pipeline.Detect(services).Where(d => d is not Detection.NotMatched)];
        return () => Pipeline.ExplainOne(services[^1], detections, Incumbents.None, overrides: null, static _ => true);
    }

    private static Action GiveNames(int count)
    {
        ImmutableArray<Detection.Matched> matched = Matched(SampleServices.Backends(count));
        var names = new NameResolver(Rules, []);
        return () => names.Resolve(matched, static _ => true, Incumbents.None);
    }

    private static Action Generate(int count)
    {
        ImmutableArray<Detection.Matched> matched = Matched(SampleServices.Backends(count));
        return () => Generate(matched);
    }

    private static Action Pack(int count)
    {
        ImmutableArray<Toolset> toolsets = Generate(Matched(SampleServices.Custom(count))).MadeOf.All.Toolsets;
        return () => ToolsetPacker.Pack(toolsets, t => t.Source is ToolsetSource.Service, kept => kept.Length <= count / 2);
    }

    private static Action Merge(int count)
    {
        ToolsetValue.Map some = MapOf(count, "some"), others = MapOf(count, "others");
        return () => OverrideMerger.Merge(some, others);
    }

    private static Action ReadPresent(int count)
    {
        ConfigMapRecord present = Written(Generate(Matched(SampleServices.Backends(count))));
        return () => PresentToolsets.Read(present);
    }

    private static Action Plan(int count)
    {
        (DesiredConfigMap desired, ConfigMapRecord present) = Edited(count);
        return () => ConfigMapPlanner.Plan(desired, present);
    }

    private static Action Diff(int count)
    {
        (DesiredConfigMap desired, ConfigMapRecord present) = Edited(count);
        ConfigMapPlan plan = ConfigMapPlanner.Plan(desired, present);
        return () => ConfigMapChanges.Of(plan, present);
    }

    /// <param name="isFirst">Else the ConfigMap says what it should, and the round before knew.</param>
    private static Action Decide(ImmutableArray<ServiceRecord> services, bool isFirst)
    {
        RoundInputs inputs = InputsOf(SampleServices.Snapshot(services), present: null);
        var now = new Moment(TimeSpan.FromMinutes(1), Noon);
        if (isFirst)
            return () => Round.Decide(inputs, RoundMemory.Start, now);
        Decision first = Round.Decide(inputs, RoundMemory.Start, now);
        RoundInputs after = inputs with { ConfigMap = ConfigMapView.Empty.Listed(Written(first.Memory.Result!)) };
        return () => Round.Decide(after, first.Memory, now);
    }

    private static Action Judge(int count, bool isSuccess)
    {
        EndpointKey[] endpoints = [.. Enumerable.Range(0, count).Select(i => new EndpointKey(new ObjectKey("team", $"own-{i}"), 80))];
        ProbeOutcome outcome = isSuccess ? new ProbeOutcome.Success(200) : new ProbeOutcome.BadStatus(500);
        HealthState checkedOnce = new(isSuccess ? HealthStatus.Healthy : HealthStatus.Unhealthy, 2, Noon, outcome, Noon);
        JudgedHealth before = JudgedHealth.Empty.Retarget([.. endpoints.Select(e => (e, (bool?)true))], Noon);
        return () => _ = endpoints.Aggregate(before, (health, endpoint) => health.With(endpoint, checkedOnce));
    }

    private static Action ReadManifests(int count)
    {
        string text = string.Join("---\n", Enumerable.Range(0, count).Select(i => $$$"""
            apiVersion: v1
            kind: Service
            metadata: {name: own-{{{i}}}, namespace: team, labels: {app: own, instance: own-{{{i}}}}}
            spec: {selector: {app: own}, ports: [{name: http, port: 8080}]}

            """));
        return () => ServiceManifests.Read(text);
    }

    private static ImmutableArray<Detection.Matched> Matched(ImmutableArray<ServiceRecord> services) =>
        [.. Pipeline.Detect(services).OfType<Detection.Matched>()];

    private static PipelineResult Generate(ImmutableArray<Detection.Matched> matched) => Pipeline.Generate(
        matched, static _ => true, Incumbents.None, OverrideState.Start.Next(OverrideSet.None), EmptyConfigMap, null);

    private static ConfigMapRecord Written(PipelineResult result) => EmptyConfigMap with { Data = Texts(result.Desired.Data) };

    /// <summary>Every key differs from what should be there.</summary>
    private static (DesiredConfigMap Desired, ConfigMapRecord Present) Edited(int count)
    {
        PipelineResult result = Generate(Matched(SampleServices.Backends(count)));
        return (result.Desired, EmptyConfigMap with { Data = Texts(result.Desired.Data.Select(d => KeyValuePair.Create(d.Key, "edited"))) });
    }

    private static RoundInputs InputsOf(ServiceSnapshot services, ConfigMapRecord? present) => new(
        new RuleState(Rules, []), services, ConfigMapView.Empty.Listed(present), JudgedHealth.Empty, AreFirstChecksDone: true, new OwnerState.SwitchedOff(),
        DiscoveryCycle: 1, new Leadership.Alone());

    private static string OverridesOf(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"""
        toolset-{i}:
          enabled: true
          config:
            url: http://server-{i}.team:9090
            headers: [a, b]

        """));

    private static ToolsetValue.Map MapOf(int count, string value) =>
        new([.. Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"key-{i}", (ToolsetValue)new ToolsetValue.Text(value)))]);

    private static ImmutableSortedDictionary<string, string> Texts(IEnumerable<KeyValuePair<string, string>> texts) =>
        ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, texts);

    /// <summary>As users write them: by label, by regular expression and by the words of a name, each with two ports.</summary>
    private static RuleSet WithUserRules() => BuiltInRules.With(Enumerable.Range(0, UserRules).Select(i => new RuleFile($"user-{i}.yaml", $$$"""
        apiVersion: {{{RuleParser.ApiVersion}}}
        kind: {{{RuleParser.Kind}}}
        metadata: {name: user-{{{i}}}}
        spec:
          match:
            any:
              - labels: {app.kubernetes.io/name: product-{{{i}}}}
              - labels: {app: {operator: Matches, values: ["product-{{{i}}}(-server)?"]}}
              - name: {operator: EndsWithWord, values: [product-{{{i}}}, product-{{{i}}}-server]}
          exclude:
            - name: {operator: EndsWithWord, values: [exporter, headless]}
          ports: [{name: http, number: {{{3000 + i}}}}, {name: http}]
          health: {path: /ready}
          toolset:
            config: {url: "{endpoint.url}"}
        """))).RuleSet ?? throw new InvalidOperationException("A rule of the steps is wrong.");
}
