using System.Collections.Frozen;
using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Discovery;

/// <summary>
/// Which endpoint holds which toolset name now. A name stays with its holder when a rival of the same class turns up, so that adding a
/// Service never changes a toolset that is there.
/// </summary>
public sealed class Incumbents
{
    private readonly FrozenDictionary<string, string> _urlByName;
    private readonly FrozenDictionary<string, ObjectKey> _serviceByName;
    private readonly FrozenSet<string> _urls;
    private readonly FrozenSet<ObjectKey> _services;

    /// <param name="urlByName">Toolset name to URL.</param>
    /// <param name="serviceByName">Toolset name to Service, where an override hides the URL.</param>
    public Incumbents(IReadOnlyDictionary<string, string> urlByName, IReadOnlyDictionary<string, ObjectKey> serviceByName)
    {
        _urlByName = urlByName.ToFrozenDictionary(StringComparer.Ordinal);
        _serviceByName = serviceByName.ToFrozenDictionary(StringComparer.Ordinal);
        _urls = _urlByName.Values.ToFrozenSet(StringComparer.Ordinal);
        _services = _serviceByName.Values.ToFrozenSet();
    }

    public static Incumbents None { get; } = Of([]);

    public static Incumbents Of(ImmutableArray<NamedEndpoint> endpoints) => new(
        endpoints.ToDictionary(e => e.Name, e => e.Detection.Endpoint.ToString(), StringComparer.Ordinal),
        new Dictionary<string, ObjectKey>());

    public bool Holds(string name, Detection.Matched detection) =>
        (_urlByName.TryGetValue(name, out string? url) && url == detection.Endpoint.ToString())
        || (_serviceByName.TryGetValue(name, out ObjectKey service) && service == detection.Service.Key);

    /// <summary>True where the endpoint is part of the ConfigMap already, under whatever name.</summary>
    public bool Knows(Detection.Matched detection) =>
        _urls.Contains(detection.Endpoint.ToString()) || _services.Contains(detection.Service.Key);
}
