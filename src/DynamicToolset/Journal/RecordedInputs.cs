using System.Collections.Immutable;
using System.Text.Json;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.LeaderElection;
using DynamicToolset.Overrides;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;

namespace DynamicToolset.Journal;

/// <summary>The inputs of a round, as the lines since the last start make them out of each other.</summary>
internal sealed class RecordedInputs
{
    private ImmutableDictionary<ObjectKey, ServiceRecord> _services = ImmutableDictionary<ObjectKey, ServiceRecord>.Empty;
    private HealthTable _checks = HealthTable.Empty;
    private ImmutableDictionary<EndpointKey, PastVisit> _visits = ImmutableDictionary<EndpointKey, PastVisit>.Empty;
    private ImmutableDictionary<EndpointKey, BackendIdentity> _identities = ImmutableDictionary<EndpointKey, BackendIdentity>.Empty;
    private ConfigMapRecord? _configMap;
    private RoundInputs _inputs = new(
        new RuleState(BuiltInRules.All, []),
        ServiceSnapshot.Empty,
        ConfigMapView.Empty,
        JudgedHealth.Empty,
        AreFirstChecksDone: false,
        new OwnerState.Unknown(),
        DiscoveryCycle: 0,
        new Leadership.Alone());

    /// <summary>What was decided last.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Wanted { get; set; } = [];

    public void ReadServices(Pen pen) => _services = _services
        .SetItems(pen.List<ServiceRecord>("services", null, InputShapes.Service).Select(s => KeyValuePair.Create(s.Key, s)))
        .RemoveRange(pen.Texts("gone", null).Select(k => Pen.ServiceIn(k) ?? throw Pen.Wrong("gone")));

    public RoundInputs Read(Pen pen)
    {
        ConfigMapRecord? seen = ReadConfigMap(pen, "configMap");
        return _inputs = _inputs with
        {
            Rules = pen.Flag("rulesAnew", false) ? ReadRules(pen) : _inputs.Rules,
            Services = new ServiceSnapshot([_services]),
            ConfigMap = pen.FlagOrNull("there", null) is { } isThere ? ViewOf(seen, isThere) : _inputs.ConfigMap,
            Overrides = pen.Part<OverrideSet>("overrides", null, InputShapes.OverrideSet) ?? _inputs.Overrides,
            Health = ReadHealth(pen),
            Identities = ReadIdentities(pen),
            OverrideFiles = pen.Flag("overrideFilesAnew", false)
                ? new OverrideFiles(pen.List<OverrideFile>("overrideFiles", null, InputShapes.OverrideFile))
                : _inputs.OverrideFiles,
            Owner = pen.Part<OwnerState>("owner", null, InputShapes.Owner) ?? _inputs.Owner,
            Leadership = pen.Part<Leadership>("leadership", null, InputShapes.Leadership) ?? _inputs.Leadership,
            AreFirstChecksDone = pen.FlagOrNull("firstChecksDone", null) ?? _inputs.AreFirstChecksDone,
            DiscoveryCycle = pen.NumberOrNull("cycle", null) ?? _inputs.DiscoveryCycle,
        };
    }

    /// <summary>The one that was read last where there is none of this name.</summary>
    public ConfigMapRecord? ReadConfigMap(Pen pen, string name) =>
        _configMap = pen.Find(name) is { } found ? ConfigMapShape.Read(new Pen(found), _configMap, Wanted) : _configMap;

    /// <summary>The same, with what is wanted now for values of the ConfigMap of which only a part was shown.</summary>
    public RoundInputs With(ImmutableArray<string> keys, DesiredConfigMap wanted)
    {
        if (_configMap is not { } configMap)
            return _inputs;
        foreach ((string key, string text) in wanted.Data.Where(d => keys.Contains(d.Key) && configMap.Data.ContainsKey(d.Key)))
            configMap = configMap with { Data = configMap.Data.SetItem(key, text) };
        const string Error = DesiredConfigMap.OverrideErrorAnnotation;
        if (keys.Contains(Error) && wanted.Annotations.GetValueOrDefault(Error) is { } error)
            configMap = configMap with { Annotations = configMap.Annotations.SetItem(Error, error) };
        _configMap = configMap;
        return _inputs = _inputs with { ConfigMap = ViewOf(configMap, _inputs.ConfigMap.Newest is not null) };
    }

    private static ConfigMapView ViewOf(ConfigMapRecord? seen, bool isThere)
    {
        ConfigMapView view = ConfigMapView.Empty.Listed(seen);
        return seen is null || isThere ? view : view.Deleted(seen);
    }

    private static RuleState ReadRules(Pen pen)
    {
        RuleSetReading reading = BuiltInRules.With([.. pen.Texts("rules", null).Select((text, i) => new RuleFile($"rule {i + 1}", text))]);
        RuleSet rules = reading.RuleSet ?? throw new FormatException($"this program does not understand a recorded rule: {reading.Problems[0]}");
        return new RuleState(rules, pen.List<RuleProblem>("ruleProblems", null, InputShapes.RuleProblem));
    }

    private JudgedHealth ReadHealth(Pen pen)
    {
        bool isOther = pen.Find("health") is not null || pen.FlagOrNull("panic", null) is not null;
        if (!isOther)
            return _inputs.Health;
        ImmutableDictionary<EndpointKey, HealthState> states = Changed(pen, "health", _checks.States.ToImmutableDictionary(), InputShapes.Health);
        bool isOneGone = _checks.States.Any(s => !states.ContainsKey(s.Key));
        HealthTable before = isOneGone ? HealthTable.Empty : _checks;
        _checks = before;
        foreach ((EndpointKey endpoint, HealthState state) in states.Where(s => !ReferenceEquals(before.Find(s.Key), s.Value)))
            _checks = _checks.With(endpoint, state);
        bool areKeptOther = pen.FlagOrNull("panic", null) is not null;
        return JudgedHealth.Judged(
            _checks,
            areKeptOther ? Endpoints(pen, "kept") : _inputs.Health.Kept,
            pen.FlagOrNull("panic", null) ?? _inputs.Health.IsPanic,
            areKeptOther ? Endpoints(pen, "placed") : _inputs.Health.Placed);
    }

    private IdentityTable ReadIdentities(Pen pen)
    {
        bool? asks = pen.FlagOrNull("asks", null);
        if (asks is null && pen.Find("visits") is null && pen.Find("identities") is null)
            return _inputs.Identities;
        _visits = Changed(pen, "visits", _visits, InputShapes.Visit);
        _identities = Changed(pen, "identities", _identities, InputShapes.Identity);
        return IdentityTable.Of(asks ?? _inputs.Identities.IsNeeded, _visits, _identities);
    }

    private static ImmutableHashSet<EndpointKey> Endpoints(Pen pen, string name) =>
        [.. pen.Texts(name, null).Select(k => Pen.EndpointIn(k) ?? throw Pen.Wrong(name))];

    private static ImmutableDictionary<EndpointKey, T> Changed<T>(Pen pen, string name, ImmutableDictionary<EndpointKey, T> before, Shape<T> shape)
        where T : class
    {
        if (pen.Find(name) is not { } found)
            return before;
        ImmutableDictionary<EndpointKey, T>.Builder now = before.ToBuilder();
        foreach (JsonProperty field in Pen.Fields(found, name))
        {
            EndpointKey endpoint = Pen.EndpointIn(field.Name) ?? throw Pen.Wrong(name);
            if (field.Value.ValueKind == JsonValueKind.Null)
                now.Remove(endpoint);
            else
                now[endpoint] = shape(new Pen(field.Value), null);
        }

        return now.ToImmutable();
    }
}
