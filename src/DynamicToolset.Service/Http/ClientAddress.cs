using System.Net;
using System.Net.Sockets;

namespace DynamicToolset.Service.Http;

/// <summary>From where somebody asks, as far as it tells people apart.</summary>
internal static class ClientAddress
{
    /// <summary>IPv4 as it is, IPv6 without its last 64 bits, which everybody may choose for themselves. What a header says of it counts for nothing.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        // A socket for both families shows each IPv4 address as one of the same /64.
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes(), 0, 8) : address.ToString();
    }
}
