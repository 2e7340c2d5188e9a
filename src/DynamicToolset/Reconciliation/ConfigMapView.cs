using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <summary>
/// What is known of the one ConfigMap from the watch and from the answers to requests of our own, which are ahead of the watch. Resource
/// versions are opaque; but a watch brings every version of an object, in order. So after an answer everything is late, and no news, until
/// the watch brings the answered version itself, or the end of that object. Where an order is unknown all the same the API server answers
/// 409, and the next read or list mends the view.
/// </summary>
public sealed record ConfigMapView
{
    // Enough for the versions that a watch brings while one request of ours is under way.
    private const int Remembered = 64;

    public static ConfigMapView Empty { get; } = new();

    private ConfigMapView()
    {
    }

    /// <summary>Null where there is no ConfigMap.</summary>
    public ConfigMapRecord? Newest { get; private init; }

    /// <summary>The last state in which it was seen, whichever way; what is in there when it is deleted are its last words. Null where it never was.</summary>
    public ConfigMapRecord? LastSeen { get; private init; }

    private ConfigMapRecord? Watched { get; init; }

    private ImmutableQueue<string> Brought { get; init; } = [];

    private int BroughtCount { get; init; }

    /// <summary>What the watch has to bring before it counts again; null where it is not behind.</summary>
    private Answer? Ahead { get; init; }

    /// <summary>The watch begins anew, from a list that was asked for after the last answer.</summary>
    public ConfigMapView Listed(ConfigMapRecord? present) => (this with { Watched = present, Ahead = null }).Remember(present).See(present);

    /// <summary>The watch tells of a version of it.</summary>
    public ConfigMapView Changed(ConfigMapRecord item)
    {
        ConfigMapView next = (this with { Watched = item }).Remember(item);
        if (Ahead is null)
            return next.See(item);
        if (Ahead.Version is null)
            return item.Uid == Ahead.Uid ? next with { LastSeen = item } : next;
        return Ahead.Version == item.ResourceVersion ? next with { Ahead = null } : next;
    }

    /// <summary>The watch tells that it is gone.</summary>
    /// <param name="last">Its last state, as the event carries it.</param>
    public ConfigMapView Deleted(ConfigMapRecord last)
    {
        ConfigMapView next = this with { Watched = null };
        string? present = Ahead?.Uid ?? Newest?.Uid;
        bool isAnother = present is not null && present != last.Uid;
        return isAnother ? next : next with { Newest = null, LastSeen = last, Ahead = null };
    }

    /// <summary>What the API server has just answered to a read or write of our own.</summary>
    public ConfigMapView Answered(ConfigMapRecord? present)
    {
        if (present?.ResourceVersion == Newest?.ResourceVersion)
            return this;
        if (present is null)
            return this with { Newest = null, Ahead = new Answer(Newest!.Uid, Version: null) };
        if (Brought.Contains(present.ResourceVersion))
            return (this with { Ahead = null }).See(Watched);
        return (this with { Ahead = new Answer(present.Uid, present.ResourceVersion) }).See(present);
    }

    /// <summary>Compares the content: the same versions of the same objects are not a change.</summary>
    public bool Equals(ConfigMapView? other) => other is not null && IsSame(Newest, other.Newest) && IsSame(LastSeen, other.LastSeen);

    public override int GetHashCode() => HashCode.Combine(Newest?.ResourceVersion, LastSeen?.ResourceVersion);

    private static bool IsSame(ConfigMapRecord? one, ConfigMapRecord? other) =>
        one?.Uid == other?.Uid && one?.ResourceVersion == other?.ResourceVersion;

    private ConfigMapView See(ConfigMapRecord? present) => this with { Newest = present, LastSeen = present ?? LastSeen };

    private ConfigMapView Remember(ConfigMapRecord? item)
    {
        if (item is null)
            return this;
        bool isFull = BroughtCount == Remembered;
        ImmutableQueue<string> kept = isFull ? Brought.Dequeue() : Brought;
        return this with { Brought = kept.Enqueue(item.ResourceVersion), BroughtCount = isFull ? Remembered : BroughtCount + 1 };
    }

    /// <param name="Version">Null where the answer was that there is none.</param>
    private sealed record Answer(string Uid, string? Version);
}
