using System.Collections.Immutable;
using DynamicToolset.Capabilities;
using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;

namespace DynamicToolset.Identification;

/// <summary>
/// What every endpoint told when it was visited: immutable, so whoever holds one reads a consistent moment. Equal to an earlier one while nobody tells
/// anything else.
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

    /// <summary>False where nobody is asked, and nobody waits for an answer.</summary>
    internal bool IsNeeded => _isNeeded;

    /// <summary>What decisions rest on beside <see cref="Identities"/>.</summary>
    internal IEnumerable<KeyValuePair<EndpointKey, PastVisit>> Visits =>
        _entries.Select(e => KeyValuePair.Create(e.Key, new PastVisit(e.Value.IsAsked, e.Value.IsVisited, e.Value.Verdict, e.Value.Says)));

    /// <summary>As somebody else was told. It is decided by, and nobody is asked anything more.</summary>
    internal static IdentityTable Of(
        bool isNeeded, IEnumerable<KeyValuePair<EndpointKey, PastVisit>> visits, ImmutableDictionary<EndpointKey, BackendIdentity> identities) => new(
        isNeeded,
        visits.ToImmutableDictionary(
            v => v.Key,
            v => new Entry(true, v.Value.IsAsked, null, v.Value.Verdict) { IsVisited = v.Value.IsVisited, Says = v.Value.Says }),
        identities);

    /// <summary>Of those that told. Another object only where one of them tells otherwise.</summary>
    public ImmutableDictionary<EndpointKey, BackendIdentity> Identities { get; }

    /// <summary>How many are about to be asked what they are for the first time, so that each answer may bring a toolset.</summary>
    public int Awaited { get; }

    /// <summary>Null where it did not tell, or nobody asked.</summary>
    public BackendIdentity? Find(EndpointKey endpoint) => Identities.GetValueOrDefault(endpoint);

    /// <summary>What HolmesGPT will meet there, as of the last visit; null where that did not tell, or nobody asked.</summary>
    public QuestionVerdict? VerdictOf(EndpointKey endpoint) => _entries.GetValueOrDefault(endpoint).Verdict;

    /// <summary>What it says of itself, as of the last visit that told; null where none did.</summary>
    public CapabilityLine? SaysOf(EndpointKey endpoint) => _entries.GetValueOrDefault(endpoint).Says;

    /// <summary>Whether a whole visit has ended since it is there to be asked, whatever came of it: what it says of itself need not be waited for.</summary>
    public bool IsVisited(EndpointKey endpoint) => !_isNeeded || _entries.GetValueOrDefault(endpoint).IsVisited;

    /// <summary>Whether it was asked since it is there to be asked, be it that it did not tell: before that nobody should be led to it.</summary>
    public bool IsAsked(EndpointKey endpoint) => !_isNeeded || _entries.GetValueOrDefault(endpoint).IsAsked;

    /// <summary>Whether the last visit told that it is something else than what it is taken for, which counts once the next one tells it too.</summary>
    public bool IsDoubted(EndpointKey endpoint) => _entries.GetValueOrDefault(endpoint).Doubt is not null;

    /// <summary>
    /// Exactly these endpoints. What one is is kept until it tells otherwise; one that comes to be wanted has to be asked, unless it is in place or there is
    /// nothing to ask. What HolmesGPT will meet there is known only of those that are visited, by the question that is asked now.
    /// </summary>
    public IdentityTable Retarget(IEnumerable<IdentityTarget> targets)
    {
        if (!_isNeeded)
            return this;
        var entries = ImmutableDictionary.CreateBuilder<EndpointKey, Entry>();
        ImmutableDictionary<EndpointKey, BackendIdentity>.Builder identities = Identities.ToBuilder();
        foreach (IdentityTarget target in targets)
        {
            entries[target.Key] = _entries.GetValueOrDefault(target.Key).For(target);
            if (target.Assumed is { } name && !identities.ContainsKey(target.Key))
                identities.Add(target.Key, new BackendIdentity(name));
        }

        identities.RemoveRange([.. identities.Keys.Where(key => !entries.ContainsKey(key))]);
        bool isSame = entries.Count == _entries.Count && entries.All(e => _entries.TryGetValue(e.Key, out Entry known) && known == e.Value);
        ImmutableDictionary<EndpointKey, BackendIdentity> next = identities.ToImmutable();
        return isSame && ReferenceEquals(next, Identities) ? this : new IdentityTable(true, isSame ? _entries : entries.ToImmutable(), next);
    }

    /// <summary>After it was asked what it is, in the middle of a visit. Only of who is there to be asked for the first time somebody waits for that.</summary>
    /// <param name="identity">Null where it did not tell: what it told before stays.</param>
    /// <returns>The same where the endpoint is no target any more.</returns>
    public IdentityTable Answered(EndpointKey endpoint, BackendIdentity? identity)
    {
        bool isOther = identity is not null && Find(endpoint) is { } before && before.Name != identity.Name;
        return !isOther && _entries.TryGetValue(endpoint, out Entry known) && !known.IsAsked
            ? With(endpoint, known with { IsAsked = true }, identity)
            : this;
    }

    /// <summary>
    /// After the whole of a visit. Of what is nobody's decision the last visit counts, so that nobody is told what may be over. What is taken for something
    /// becomes something else only by two visits in a row: a toolset goes with it, and perhaps its name to somebody else, and one pod of another kind among
    /// several must not bring that about.
    /// </summary>
    /// <returns>The same where the endpoint is no target any more.</returns>
    public IdentityTable Visited(EndpointKey endpoint, Findings found)
    {
        if (!_entries.TryGetValue(endpoint, out Entry known))
            return this;
        string? told = found.Identity?.Name, before = Find(endpoint)?.Name ?? (known.IsAsked ? known.Product : null);
        bool isBelieved = told is null || before is null || told == before || told == known.Doubt;
        Entry entry = known.With(found) with { Doubt = isBelieved ? null : told, IsAsked = isBelieved || known.IsAsked };
        return With(endpoint, entry, isBelieved ? found.Identity : null);
    }

    public bool Equals(IdentityTable? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => Equals(obj as IdentityTable);

    public override int GetHashCode() => Identities.Count;

    private IdentityTable With(EndpointKey endpoint, Entry entry, BackendIdentity? identity)
    {
        bool isNews = identity is not null && identity != Find(endpoint);
        bool isSame = _entries[endpoint] == entry;
        return isSame && !isNews ? this : new IdentityTable(
            true, isSame ? _entries : _entries.SetItem(endpoint, entry), isNews ? Identities.SetItem(endpoint, identity!) : Identities);
    }

    private readonly record struct Entry(bool IsWanted, bool IsAsked, Question? Question, QuestionVerdict? Verdict)
    {
        /// <summary>It is asked what it says of itself.</summary>
        public bool IsTelling { get; init; }

        /// <summary>Which it is taken for where it does not tell; null where nothing depends on it.</summary>
        public string? Product { get; init; }

        /// <summary>Which it called itself the last time, in contradiction to what it is taken for.</summary>
        public string? Doubt { get; init; }

        /// <summary>Nobody waits for the end of a visit but for that.</summary>
        public bool IsVisited { get; init; }

        public CapabilityLine? Says { get; init; }

        public Entry With(Findings found) => this with { IsAsked = true, IsVisited = IsTelling, Verdict = found.Verdict, Says = found.Says ?? Says };

        public Entry For(IdentityTarget target) => new(
            target.IsWanted,
            target.IsWanted && (IsAsked || target.IsInPlace || target.Fingerprint is null),
            target.Question,
            target.IsWanted && Question == target.Question ? Verdict : null)
        {
            IsTelling = target.Kind is not null,
            Product = target.Product,
            Doubt = target.IsWanted ? Doubt : null,
            IsVisited = target.IsWanted && IsVisited,
            Says = target.Kind is null ? null : Says,
        };
    }
}

/// <summary>What came of the visits to an endpoint.</summary>
/// <param name="IsAsked">See <see cref="IdentityTable.IsAsked"/>.</param>
/// <param name="IsVisited">See <see cref="IdentityTable.IsVisited"/>.</param>
/// <param name="Verdict">See <see cref="IdentityTable.VerdictOf"/>.</param>
/// <param name="Says">See <see cref="IdentityTable.SaysOf"/>.</param>
internal sealed record PastVisit(bool IsAsked, bool IsVisited, QuestionVerdict? Verdict, CapabilityLine? Says);
