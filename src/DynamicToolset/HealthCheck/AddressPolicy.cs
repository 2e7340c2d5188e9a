using System.Collections.Immutable;
using System.Net;

namespace DynamicToolset.HealthCheck;

/// <summary>
/// Which addresses a probe may connect to. A Service, its EndpointSlices and the DNS are in the hands of tenants: without this,
/// one of them could have the probe knock at the node, at a cloud's metadata service or at the API server in their place.
/// </summary>
public sealed class AddressPolicy
{
    private static readonly (IPNetwork Network, AddressDenial Denial)[] Denied =
    [
        (IPNetwork.Parse("0.0.0.0/8"), AddressDenial.Unspecified),
        (IPNetwork.Parse("::/128"), AddressDenial.Unspecified),
        (IPNetwork.Parse("127.0.0.0/8"), AddressDenial.Loopback),
        (IPNetwork.Parse("::1/128"), AddressDenial.Loopback),
        (IPNetwork.Parse("169.254.169.254/32"), AddressDenial.Metadata),
        // Alibaba Cloud, Azure, AWS (its instance and pod identity services share one prefix), Google Cloud: none of them is link-local.
        (IPNetwork.Parse("100.100.100.200/32"), AddressDenial.Metadata),
        (IPNetwork.Parse("168.63.129.16/32"), AddressDenial.Metadata),
        (IPNetwork.Parse("fd00:ec2::/32"), AddressDenial.Metadata),
        (IPNetwork.Parse("fd20:ce::254/128"), AddressDenial.Metadata),
        (IPNetwork.Parse("169.254.0.0/16"), AddressDenial.LinkLocal),
        (IPNetwork.Parse("fe80::/10"), AddressDenial.LinkLocal),
        (IPNetwork.Parse("224.0.0.0/4"), AddressDenial.Multicast),
        (IPNetwork.Parse("ff00::/8"), AddressDenial.Multicast),
        (IPNetwork.Parse("255.255.255.255/32"), AddressDenial.Broadcast),
    ];

    /// <summary>
    /// The prefixes whose addresses stand for an IPv4 address, and where in the sixteen bytes that address begins: IPv4-compatible
    /// (RFC 4291), IPv4-translated (RFC 2765), NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056). IPv4-mapped ones (RFC 4291) are not
    /// here: a network takes them for IPv4 itself, so no IPv6 prefix contains them.
    /// </summary>
    private static readonly (IPNetwork Prefix, int Offset)[] Embeddings =
    [
        (IPNetwork.Parse("::ffff:0:0:0/96"), 12),
        (IPNetwork.Parse("::/96"), 12),
        (IPNetwork.Parse("64:ff9b::/96"), 12),
        (IPNetwork.Parse("64:ff9b:1::/48"), 12),
        (IPNetwork.Parse("2002::/16"), 2),
    ];

    private readonly ImmutableArray<IPNetwork> _allowed;
    private readonly ImmutableArray<(IPAddress Address, int Port)> _apiServers;

    /// <param name="allowedNetworks">Lifts the deny list, but never for the API server.</param>
    /// <param name="apiServers">Every address and port under which the API server in use is reached.</param>
    public AddressPolicy(ImmutableArray<IPNetwork> allowedNetworks, ImmutableArray<IPEndPoint> apiServers)
    {
        _allowed = allowedNetworks;
        _apiServers = [.. apiServers.Select(server => (Plain(server.Address), server.Port))];
    }

    /// <summary>Null where a probe may connect.</summary>
    public AddressDenial? Check(IPAddress address, int port)
    {
        IPAddress plain = Plain(address);
        if (_apiServers.Contains((plain, port)))
            return AddressDenial.ApiServer;
        if (_allowed.Any(network => network.Contains(plain) || network.Contains(address)))
            return null;
        foreach ((IPNetwork network, AddressDenial denial) in Denied)
        {
            if (network.Contains(plain))
                return denial;
        }

        return null;
    }

    /// <summary>The IPv4 address that an IPv6 address stands for, else the address itself without its zone.</summary>
    private static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        byte[] bytes = address.GetAddressBytes();
        bool isIPv4 = bytes.Length == 4;
        if (isIPv4 || IPAddress.IPv6Any.Equals(address) || IPAddress.IPv6Loopback.Equals(address))
            return address;
        IPAddress withoutZone = new(bytes);
        foreach ((IPNetwork prefix, int offset) in Embeddings)
        {
            if (prefix.Contains(withoutZone))
                return new IPAddress(bytes.AsSpan(offset, 4));
        }

        return withoutZone;
    }
}
