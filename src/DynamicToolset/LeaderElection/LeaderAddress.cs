using System.Net;

namespace DynamicToolset.LeaderElection;

/// <summary>
/// Where a replica answers, as it stands in an annotation of the Lease: <c>http://10.1.2.3:8080</c>, with IPv6 in brackets. Callers' tokens are sent
/// there, so it is an address and no name that somebody else resolves, and there is one way of writing it.
/// </summary>
public sealed record LeaderAddress
{
    private const string Scheme = "http://";

    /// <summary>No address with a port is longer.</summary>
    private const int Longest = 64;

    private LeaderAddress(IPEndPoint place) => Place = place;

    public IPEndPoint Place { get; }

    /// <param name="port">From 1.</param>
    public static LeaderAddress Of(IPAddress address, int port) => new(new IPEndPoint(new IPAddress(address.GetAddressBytes()), port));

    /// <summary>Null where it is anything else.</summary>
    public static LeaderAddress? Read(string? text)
    {
        if (text is null || text.Length > Longest || !text.StartsWith(Scheme, StringComparison.Ordinal))
            return null;
        if (!IPEndPoint.TryParse(text.AsSpan(Scheme.Length), out IPEndPoint? place) || place.Port == 0)
            return null;
        LeaderAddress address = Of(place.Address, place.Port);
        return address.ToString() == text ? address : null;
    }

    public override string ToString() => $"{Scheme}{Place}";
}

/// <summary>Another replica that holds the Lease.</summary>
/// <param name="Holder">Its identity.</param>
/// <param name="Address">Where it says that it answers; null where it does not say.</param>
public sealed record OtherLeader(string Holder, LeaderAddress? Address)
{
    /// <summary>The pod or host.</summary>
    public string Replica => ElectionOptions.InstanceOf(Holder);
}
