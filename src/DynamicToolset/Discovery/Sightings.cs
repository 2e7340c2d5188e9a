using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Discovery;

/// <summary>Since when each Service that is detected has been so, in this program's time.</summary>
public sealed class Sightings
{
    private readonly ImmutableArray<Detection.Matched> _of;
    private readonly ImmutableDictionary<ObjectKey, DateTimeOffset> _since;

    private Sightings(ImmutableArray<Detection.Matched> of, ImmutableDictionary<ObjectKey, DateTimeOffset> since) => (_of, _since) = (of, since);

    public static Sightings None { get; } = new([], ImmutableDictionary<ObjectKey, DateTimeOffset>.Empty);

    /// <summary>Null where it is not detected.</summary>
    public DateTimeOffset? Of(ObjectKey service) => _since.TryGetValue(service, out DateTimeOffset since) ? since : null;

    /// <param name="now">When those that are new were found.</param>
    public Sightings Next(DetectedServices detected, DateTimeOffset now)
    {
        ImmutableArray<Detection.Matched> matched = detected.Matched;
        return matched == _of ? this : new Sightings(matched, matched.ToImmutableDictionary(d => d.Service.Key, d => Of(d.Service.Key) ?? now));
    }
}
