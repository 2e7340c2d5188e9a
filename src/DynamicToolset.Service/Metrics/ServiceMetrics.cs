using System.Diagnostics.Metrics;
using System.Globalization;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.State;

namespace DynamicToolset.Service.Metrics;

/// <summary>Where the loops tell what they do. Every method returns at once, never throws, and may be called by several at once.</summary>
public sealed class ServiceMetrics : IDisposable
{
    private const string ErrorType = "error_type";

    private readonly Meter _meter = new("dynamictoolset");
    private readonly TimeProvider _time;
    private readonly Counter<double> _cycles;
    private readonly Histogram<double> _discovery;
    private readonly Counter<double> _checks;
    private readonly Histogram<double> _checkDuration;
    private readonly Counter<double> _reconciles;
    private readonly Counter<double> _drift;
    private readonly Counter<double> _fights;
    private readonly Histogram<double> _rounds;
    private readonly Histogram<double> _propagation;
    private readonly Counter<double> _watchRestarts;
    private readonly Counter<double> _kubeRequests;
    private readonly Counter<double> _leaderTransitions;

    /// <param name="states">Gauges show what stands in there when they are read.</param>
    public ServiceMetrics(StateStore states, TimeProvider time, string version)
    {
        _time = time;
        _cycles = Counter(MetricDefinitions.DiscoveryCycles);
        _discovery = Histogram(MetricDefinitions.DiscoveryDuration);
        _checks = Counter(MetricDefinitions.HealthChecks);
        _checkDuration = Histogram(MetricDefinitions.HealthCheckDuration);
        _reconciles = Counter(MetricDefinitions.ConfigMapReconcile);
        _drift = Counter(MetricDefinitions.ConfigMapDrift);
        _fights = Counter(MetricDefinitions.ConfigMapFights);
        _rounds = Histogram(MetricDefinitions.ReconcileDuration);
        _propagation = Histogram(MetricDefinitions.Propagation);
        _watchRestarts = Counter(MetricDefinitions.WatchRestarts);
        _kubeRequests = Counter(MetricDefinitions.KubeRequests);
        _leaderTransitions = Counter(MetricDefinitions.LeaderTransitions);
        StateGauges.AddTo(_meter, states);
        RuntimeMetrics.AddTo(_meter, time.GetUtcNow());
        _meter.CreateObservableGauge(MetricDefinitions.Build.Name, () => new Measurement<double>(1, Tag("version", version)));
    }

    /// <summary>See <see cref="KubeApiClientOptions.OnRequest"/>.</summary>
    public void KubeRequest(string verb, string resource, int code) =>
        _kubeRequests.Add(1, Tag("verb", verb), Tag("resource", resource), Tag("code", code.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Has the age of what is known of a resource shown.</summary>
    /// <param name="lastProgress">See <see cref="Informer{T}.LastProgress"/>; asked at each scrape.</param>
    public void Watch(string resource, Func<DateTimeOffset?> lastProgress) => _meter.CreateObservableGauge(
        MetricDefinitions.WatchLastEvent.Name,
        () => lastProgress() is { } last
            ? [new Measurement<double>((_time.GetUtcNow() - last).TotalSeconds, Tag("resource", resource))]
            : Array.Empty<Measurement<double>>());

    /// <summary>Has shown who leads.</summary>
    /// <param name="leads">Asked at each scrape.</param>
    /// <param name="renewAge">Asked at each scrape; null where there is none.</param>
    public void Elect(Func<bool> leads, Func<TimeSpan?> renewAge)
    {
        _meter.CreateObservableGauge(MetricDefinitions.Leader.Name, () => new Measurement<double>(leads() ? 1 : 0));
        _meter.CreateObservableGauge(
            MetricDefinitions.LeaseRenewAge.Name,
            () => renewAge() is { } age ? [new Measurement<double>(age.TotalSeconds)] : Array.Empty<Measurement<double>>());
    }

    public void LeadershipChanged() => _leaderTransitions.Add(1);

    public void Informed(string resource, InformerReport report)
    {
        if (report is InformerReport.ListFailed failed && resource == "services")
            _cycles.Add(1, Tag("result", "error"), Tag(ErrorType, failed.Error.ErrorType));
        if (RestartReason(report) is { } reason)
            _watchRestarts.Add(1, Tag("resource", resource), Tag("reason", reason));
    }

    public void Checked(CompletedCheck check)
    {
        _checks.Add(1, Tag("type", check.Target.ServiceType), Tag("result", check.Outcome.Reason));
        _checkDuration.Record(check.Duration.TotalSeconds, Tag("type", check.Target.ServiceType));
    }

    public void Detected(TimeSpan took)
    {
        _cycles.Add(1, Tag("result", "success"));
        _discovery.Record(took.TotalSeconds, Tag("phase", "detect"));
    }

    public void Generated(TimeSpan took) => _discovery.Record(took.TotalSeconds, Tag("phase", "generate"));

    /// <param name="operation"><c>read</c>, <c>create</c> or <c>patch</c>.</param>
    /// <param name="failure">Null where it succeeded.</param>
    public void Asked(string operation, KubeApiException? failure = null)
    {
        string result = failure switch
        {
            null => "success",
            { IsConflict: true } => "conflict",
            _ => "error",
        };
        _reconciles.Add(1, Tag("operation", operation), Tag("result", result), Tag(ErrorType, failure?.ErrorType ?? ""));
    }

    /// <summary>A request that ended with the time that leadership allowed it.</summary>
    public void GaveUp(string operation) => _reconciles.Add(1, Tag("operation", operation), Tag("result", "error"), Tag(ErrorType, "timeout"));

    public void Written(ConfigMapWrite write)
    {
        if (write.IsRecreation)
            _drift.Add(1, Tag("kind", "deleted"));
        foreach (Drift drift in write.Drift)
            _drift.Add(1, Tag("kind", KindOf(drift.Kind)));
    }

    public void Fought(int keys) => _fights.Add(keys);

    public void Propagated(TimeSpan took) => _propagation.Record(took.TotalSeconds);

    public void RoundEnded(TimeSpan took) => _rounds.Record(took.TotalSeconds);

    public void Dispose() => _meter.Dispose();

    internal static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    internal bool Owns(Instrument instrument) => ReferenceEquals(instrument.Meter, _meter);

    private static string KindOf(DriftKind kind) => kind switch
    {
        DriftKind.Missing => "missing",
        DriftKind.Modified => "modified",
        DriftKind.Extra => "extra",
        _ => "metadata",
    };

    private static string? RestartReason(InformerReport report) => report switch
    {
        InformerReport.WatchEnded => "ended",
        InformerReport.WatchBroken => "broken",
        InformerReport.WatchRefused => "refused",
        InformerReport.VersionExpired => "expired",
        InformerReport.WatchFruitless => "fruitless",
        _ => null,
    };

    private Counter<double> Counter(MetricDefinition definition) => _meter.CreateCounter<double>(definition.Name);

    private Histogram<double> Histogram(MetricDefinition definition) => _meter.CreateHistogram<double>(definition.Name);
}
