using System.Collections.Immutable;
using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;

namespace DynamicToolset.Identification;

/// <summary>
/// What every endpoint answered when it was asked what it is: immutable, so whoever holds one reads a consistent moment. Equal to an earlier one while
/// nobody answers otherwise.
/// </summary>
public sealed class IdentityTable : IEquatable<IdentityTable>
{
    private readonly bool _isNeeded;
    private readonly ImmutableDictionary<EndpointKey, Entry> _entries;

    private IdentityTable(bool isNeeded, ImmutableDictionary<EndpointKey, Entry> entries, ImmutableDictionary<EndpointKey, BackendIdentity> identities)
    {
        _isNeeded = isNeeded;
        _entries = entries;
        Awaited = entries.Values.Count(e => e is { IsWanted: true, IsAsked: false });
        Identities = identities;
    }

    /// <summary>Nobody is asked, and nobody waits for an answer.</summary>
    public static IdentityTable Unneeded { get; } = new(
        false, ImmutableDictionary<EndpointKey, Entry>.Empty, ImmutableDictionary<EndpointKey, BackendIdentity>.Empty);

    /// <summary>Nobody was asked yet.</summary>
    public static IdentityTable Empty { get; } = new(
        true, ImmutableDictionary<EndpointKey, Entry>.Empty, ImmutableDictionary<EndpointKey, BackendIdentity>.Empty);

    /// <summary>Of those that told. Another object only where one of them tells otherwise.</summary>
    public ImmutableDictionary<EndpointKey, BackendIdentity> Identities { get; }

    /// <summary>How many are about to be asked for the first time, so that each answer may bring a toolset.</summary>
    public int Awaited { get; }

    /// <summary>Null where it did not tell, or nobody asked.</summary>
    public BackendIdentity? Find(EndpointKey endpoint) => Identities.GetValueOrDefault(endpoint);

    /// <summary>Whether it was asked since it is there to be asked, be it that it did not tell: before that nobody should be led to it.</summary>
    public bool IsAsked(EndpointKey endpoint) => !_isNeeded || _entries.GetValueOrDefault(endpoint).IsAsked;

    /// <summary>
    /// Exactly these endpoints. What one told is kept until it tells otherwise; one that comes to be wanted has to be asked, unless it is in place.
    /// </summary>
    public IdentityTable Retarget(IEnumerable<IdentityTarget> targets)
    {
        if (!_isNeeded)
            return this;
        var entries = ImmutableDictionary.CreateBuilder<EndpointKey, Entry>();
        ImmutableDictionary<EndpointKey, BackendIdentity>.Builder identities = Identities.ToBuilder();
        foreach (IdentityTarget target in targets)
        {
            Entry known = _entries.GetValueOrDefault(target.Key);
            entries[target.Key] = new Entry(target.IsWanted, target.IsWanted && (known.IsAsked || target.IsInPlace));
            if (target.Assumed is { } name && !identities.ContainsKey(target.Key))
                identities.Add(target.Key, new BackendIdentity(name));
        }

        identities.RemoveRange([.. identities.Keys.Where(key => !entries.ContainsKey(key))]);
        bool isSame = entries.Count == _entries.Count && entries.All(e => _entries.TryGetValue(e.Key, out Entry known) && known == e.Value);
        ImmutableDictionary<EndpointKey, BackendIdentity> next = identities.ToImmutable();
        return isSame && ReferenceEquals(next, Identities) ? this : new IdentityTable(true, isSame ? _entries : entries.ToImmutable(), next);
    }

    /// <param name="identity">Null where it did not tell: what it told before stays.</param>
    /// <returns>The same where the endpoint is no target any more.</returns>
    public IdentityTable Answered(EndpointKey endpoint, BackendIdentity? identity)
    {
        if (!_entries.TryGetValue(endpoint, out Entry known))
            return this;
        bool isNews = identity is not null && identity != Find(endpoint);
        return known.IsAsked && !isNews ? this : new IdentityTable(
            true,
            known.IsAsked ? _entries : _entries.SetItem(endpoint, known with { IsAsked = true }),
            isNews ? Identities.SetItem(endpoint, identity!) : Identities);
    }

    public bool Equals(IdentityTable? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => Equals(obj as IdentityTable);

    public override int GetHashCode() => Identities.Count;

    private readonly record struct Entry(bool IsWanted, bool IsAsked);
}
