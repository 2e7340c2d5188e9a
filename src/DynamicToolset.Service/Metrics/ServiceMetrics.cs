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
    public const string MeterName = "dynamictoolset";

    /// <summary>The error type of a request that ended with the time that leadership allowed it.</summary>
    public const string GivenUp = "timeout";

    private const string ErrorType = "error_type";

    private readonly Meter _meter;
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
    private readonly Counter<double> _reloads;

    /// <param name="states">Gauges show what stands in there when they are read.</param>
    public ServiceMetrics(StateStore states, TimeProvider time, string version)
    {
        _meter = new Meter(MeterName, version);
        _time = time;
        _cycles = MetricDefinitions.DiscoveryCycles.CounterOf(_meter);
        _discovery = MetricDefinitions.DiscoveryDuration.HistogramOf(_meter);
        _checks = MetricDefinitions.HealthChecks.CounterOf(_meter);
        _checkDuration = MetricDefinitions.HealthCheckDuration.HistogramOf(_meter);
        _reconciles = MetricDefinitions.ConfigMapReconcile.CounterOf(_meter);
        _drift = MetricDefinitions.ConfigMapDrift.CounterOf(_meter);
        _fights = MetricDefinitions.ConfigMapFights.CounterOf(_meter);
        _rounds = MetricDefinitions.ReconcileDuration.HistogramOf(_meter);
        _propagation = MetricDefinitions.Propagation.HistogramOf(_meter);
        _watchRestarts = MetricDefinitions.WatchRestarts.CounterOf(_meter);
        _kubeRequests = MetricDefinitions.KubeRequests.CounterOf(_meter);
        _leaderTransitions = MetricDefinitions.LeaderTransitions.CounterOf(_meter);
        _reloads = MetricDefinitions.HolmesReloads.CounterOf(_meter);
        StateGauges.AddTo(_meter, states);
        RuntimeMetrics.AddTo(_meter, time.GetUtcNow());
        Http = new HttpMeasures(_meter);
        MetricDefinitions.Build.Observe(_meter, () => [new(1, Tag("version", version))]);
    }

    public HttpMeasures Http { get; }

    /// <summary>See <see cref="KubeApiClientOptions.OnRequest"/>.</summary>
    public void KubeRequest(string verb, string resource, int code) =>
        _kubeRequests.Add(1, Tag("verb", verb), Tag("resource", resource), Tag("code", code.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Has the age of what is known of a resource shown.</summary>
    /// <param name="lastProgress">See <see cref="Informer{T}.LastProgress"/>; asked at each scrape.</param>
    public void Watch(string resource, Func<DateTimeOffset?> lastProgress) => MetricDefinitions.WatchLastEvent.Observe(
        _meter,
        () => lastProgress() is { } last ? [new((_time.GetUtcNow() - last).TotalSeconds, Tag("resource", resource))] : []);

    /// <summary>Has shown who leads.</summary>
    /// <param name="leads">Asked at each scrape.</param>
    /// <param name="renewAge">Asked at each scrape; null if there is none.</param>
    public void Elect(Func<bool> leads, Func<TimeSpan?> renewAge)
    {
        MetricDefinitions.Leader.Observe(_meter, () => [new(leads() ? 1 : 0)]);
        MetricDefinitions.LeaseRenewAge.Observe(_meter, () => renewAge() is { } age ? [new(age.TotalSeconds)] : []);
    }

    public void LeadershipChanged() => _leaderTransitions.Add(1);

    public void Informed(string resource, InformerReport report)
    {
        if (resource == "services" && FailureOf(report) is { } failure)
            _cycles.Add(1, Tag("result", "error"), Tag(ErrorType, failure.ErrorType));
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
        if (failure is null)
            _reconciles.Add(1, Tag("operation", operation), Tag("result", result));
        else
            _reconciles.Add(1, Tag("operation", operation), Tag("result", result), Tag(ErrorType, failure.ErrorType));
    }

    /// <summary>A request that ended with the time that leadership allowed it.</summary>
    public void GaveUp(string operation) => _reconciles.Add(1, Tag("operation", operation), Tag("result", "error"), Tag(ErrorType, GivenUp));

    public void Written(ConfigMapWrite write)
    {
        if (write.IsRecreation)
            _drift.Add(1, Tag("kind", "deleted"));
        foreach (Drift drift in write.Drift)
            _drift.Add(1, Tag("kind", KindOf(drift.Kind)));
    }

    public void Fought(int keys) => _fights.Add(keys);

    public void Reloaded(string result) => _reloads.Add(1, Tag("result", result));

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

    /// <summary>What the log calls "Failed to list services": while a watch cannot be opened nothing new is seen, as with a list that fails.</summary>
    private static KubeApiException? FailureOf(InformerReport report) => report switch
    {
        InformerReport.ListFailed list => list.Error,
        InformerReport.WatchRefused watch => watch.Error,
        _ => null,
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
}
