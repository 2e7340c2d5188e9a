using System.Net;

namespace DynamicToolset.Service.Options;

/// <summary>One entry of HEALTH_CHECK_RESOLVE: connections to <c>Host:Port</c> go to <c>Address:AddressPort</c> instead.</summary>
/// <param name="Host">A DNS name in lower case, or an address.</param>
public sealed record ResolvedAddress(string Host, int Port, IPAddress Address, int AddressPort)
{
    public override string ToString() => $"{Host}:{Port}={new IPEndPoint(Address, AddressPort)}";
}
