using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;

namespace DynamicToolset.Discovery;

/// <summary>What detection found in one snapshot. The next one looks only at what has changed since.</summary>
public sealed class DetectedServices
{
    private readonly Detector? _detector;
    private readonly ServiceSnapshot _snapshot;
    private readonly ImmutableDictionary<ObjectKey, Detection> _alone;
    private readonly ImmutableDictionary<EndpointKey, BackendIdentity> _identities;
    private readonly ImmutableDictionary<EndpointKey, EndpointForm> _forms;

    private DetectedServices(
        Detector? detector,
        ServiceSnapshot snapshot,
        long cycle,
        ImmutableDictionary<ObjectKey, Detection> alone,
        ImmutableDictionary<EndpointKey, BackendIdentity> identities,
        ImmutableDictionary<EndpointKey, EndpointForm> forms,
        ImmutableArray<Detection> all,
        ImmutableArray<Detection.Matched> matched)
    {
        _detector = detector;
        _snapshot = snapshot;
        Cycle = cycle;
        _alone = alone;
        _identities = identities;
        _forms = forms;
        All = all;
        Matched = matched;
    }

    public static DetectedServices None { get; } = new(
        null,
        ServiceSnapshot.Empty,
        0,
        ImmutableDictionary<ObjectKey, Detection>.Empty,
        ImmutableDictionary<EndpointKey, BackendIdentity>.Empty,
        ImmutableDictionary<EndpointKey, EndpointForm>.Empty,
        [],
        []);

    /// <summary>In the order of namespace and name. Those that nobody asks for and no rule fits are not in it, be they thousands.</summary>
    public ImmutableArray<Detection> All { get; }

    /// <summary>The same array as before where nothing has changed.</summary>
    public ImmutableArray<Detection.Matched> Matched { get; }

    /// <summary>All that was looked at, those that are of no interest and those of other namespaces included.</summary>
    public IEnumerable<ServiceRecord> Seen => _snapshot.Services;

    /// <summary>Counts the full evaluations that were asked for.</summary>
    public long Cycle { get; }

    /// <param name="isConsidered">Whether a Service's namespace is looked at. It must not depend on anything that changes.</param>
    /// <param name="cycle">All Services are looked at anew where it is another one than before.</param>
    /// <param name="identities">What the endpoints answered when they were asked what they are; null where they were not.</param>
    /// <param name="forms">In which form each is known to answer; null where they were not asked.</param>
    public DetectedServices Next(
        Detector detector,
        Func<ServiceRecord, bool> isConsidered,
        ServiceSnapshot snapshot,
        long cycle,
        ImmutableDictionary<EndpointKey, BackendIdentity>? identities = null,
        ImmutableDictionary<EndpointKey, EndpointForm>? forms = null)
    {
        identities ??= ImmutableDictionary<EndpointKey, BackendIdentity>.Empty;
        forms ??= ImmutableDictionary<EndpointKey, EndpointForm>.Empty;
        bool isToldTheSame = ReferenceEquals(identities, _identities) && ReferenceEquals(forms, _forms);
        if (detector != _detector || cycle != Cycle || snapshot.Parts.Length != _snapshot.Parts.Length)
            return Full(detector, isConsidered, snapshot, cycle, identities, forms);
        if (snapshot == _snapshot && isToldTheSame)
            return this;
        var alone = _alone.ToBuilder();
        alone.RemoveRange(snapshot.GoneSince(_snapshot));
        foreach (ServiceRecord service in snapshot.ChangedSince(_snapshot).Where(isConsidered))
            Look(detector, service, alone);
        ImmutableDictionary<ObjectKey, Detection> next = alone.ToImmutable();
        return ReferenceEquals(next, _alone) && isToldTheSame
            ? new DetectedServices(detector, snapshot, cycle, next, identities, forms, All, Matched)
            : Of(detector, snapshot, cycle, next, identities, forms);
    }

    private static DetectedServices Full(
        Detector detector,
        Func<ServiceRecord, bool> isConsidered,
        ServiceSnapshot snapshot,
        long cycle,
        ImmutableDictionary<EndpointKey, BackendIdentity> identities,
        ImmutableDictionary<EndpointKey, EndpointForm> forms)
    {
        var alone = ImmutableDictionary.CreateBuilder<ObjectKey, Detection>();
        foreach (ServiceRecord service in snapshot.Services.Where(isConsidered))
            Look(detector, service, alone);
        return Of(detector, snapshot, cycle, alone.ToImmutable(), identities, forms);
    }

    /// <summary>What was found stays the same object while nothing that counts has changed: others tell by it that there is no news.</summary>
    private static void Look(Detector detector, ServiceRecord service, ImmutableDictionary<ObjectKey, Detection>.Builder alone)
    {
        Detection? known = alone.GetValueOrDefault(service.Key);
        if (known is not null && !ServiceNews.IsNews(detector.Rules, known.Service, service))
            return;
        Detection found = detector.Detect(service);
        if (found is Detection.NotMatched)
            alone.Remove(service.Key);
        else
            alone[service.Key] = found;
    }

    private static DetectedServices Of(
        Detector detector,
        ServiceSnapshot snapshot,
        long cycle,
        ImmutableDictionary<ObjectKey, Detection> alone,
        ImmutableDictionary<EndpointKey, BackendIdentity> identities,
        ImmutableDictionary<EndpointKey, EndpointForm> forms)
    {
        ImmutableArray<Detection> all = detector.Together(
            [.. alone.Values.OrderBy(d => d.Service.Key)],
            key => identities.GetValueOrDefault(key),
            key => forms.TryGetValue(key, out EndpointForm form) ? form : null);
        return new DetectedServices(detector, snapshot, cycle, alone, identities, forms, all, [.. all.OfType<Detection.Matched>()]);
    }
}
