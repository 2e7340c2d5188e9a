using System.Collections.Immutable;
using System.Net;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Tests.HealthCheck;

public sealed class AddressPolicyTests
{
    private const string ApiServer = "10.96.0.1:443";
    private const string ApiServerV6 = "[fd00:10:96::1]:443";

    private static readonly ImmutableArray<IPEndPoint> ApiServers = [IPEndPoint.Parse(ApiServer), IPEndPoint.Parse(ApiServerV6)];

    [Theory]
    [InlineData("10.0.0.1", "allowed")]
    [InlineData("172.16.3.4", "allowed")]
    [InlineData("192.168.1.1", "allowed")]
    [InlineData("100.64.0.1", "allowed")]
    [InlineData("8.8.8.8", "allowed")]
    [InlineData("240.10.0.1", "allowed")]
    [InlineData("fd12:3456::1", "allowed")]
    [InlineData("2001:db8::1", "allowed")]
    [InlineData("::ffff:10.0.0.1", "allowed")]
    [InlineData("64:ff9b::10.0.0.1", "allowed")]
    [InlineData("126.255.255.255", "allowed")]
    [InlineData("128.0.0.1", "allowed")]
    [InlineData("169.253.255.255", "allowed")]
    [InlineData("169.255.0.0", "allowed")]
    [InlineData("223.255.255.255", "allowed")]
    [InlineData("1.0.0.0", "allowed")]
    [InlineData("255.255.255.254", "allowed")]
    [InlineData("100.100.100.201", "allowed")]
    [InlineData("168.63.129.17", "allowed")]
    [InlineData("fec0::1", "allowed")]
    [InlineData("0.0.0.0", "Unspecified")]
    [InlineData("0.255.0.1", "Unspecified")]
    [InlineData("::", "Unspecified")]
    [InlineData("::ffff:0.0.0.0", "Unspecified")]
    [InlineData("64:ff9b::", "Unspecified")]
    [InlineData("127.0.0.1", "Loopback")]
    [InlineData("127.255.255.254", "Loopback")]
    [InlineData("::1", "Loopback")]
    [InlineData("::ffff:127.0.0.1", "Loopback")]
    [InlineData("::ffff:7f00:1", "Loopback")]
    [InlineData("::127.0.0.1", "Loopback")]
    [InlineData("::ffff:0:127.0.0.1", "Loopback")]
    [InlineData("64:ff9b::127.0.0.1", "Loopback")]
    [InlineData("64:ff9b:1::127.0.0.1", "Loopback")]
    [InlineData("2002:7f00:1::", "Loopback")]
    [InlineData("2002:7f00:1:ffff::1", "Loopback")]
    [InlineData("169.254.0.1", "LinkLocal")]
    [InlineData("169.254.255.255", "LinkLocal")]
    [InlineData("169.254.20.10", "LinkLocal")]
    [InlineData("fe80::1", "LinkLocal")]
    [InlineData("fe80::1%3", "LinkLocal")]
    [InlineData("febf:ffff::1", "LinkLocal")]
    [InlineData("::ffff:169.254.1.1", "LinkLocal")]
    [InlineData("2002:a9fe:101::1", "LinkLocal")]
    [InlineData("224.0.0.1", "Multicast")]
    [InlineData("239.255.255.255", "Multicast")]
    [InlineData("ff02::1", "Multicast")]
    [InlineData("ff05::2%7", "Multicast")]
    [InlineData("::ffff:224.0.0.251", "Multicast")]
    [InlineData("255.255.255.255", "Broadcast")]
    [InlineData("::ffff:255.255.255.255", "Broadcast")]
    [InlineData("169.254.169.254", "Metadata")]
    [InlineData("100.100.100.200", "Metadata")]
    [InlineData("168.63.129.16", "Metadata")]
    [InlineData("fd00:ec2::254", "Metadata")]
    [InlineData("fd00:ec2::23", "Metadata")]
    [InlineData("fd20:ce::254", "Metadata")]
    [InlineData("::ffff:169.254.169.254", "Metadata")]
    [InlineData("::169.254.169.254", "Metadata")]
    [InlineData("64:ff9b::a9fe:a9fe", "Metadata")]
    [InlineData("2002:a9fe:a9fe::", "Metadata")]
    [InlineData("::ffff:100.100.100.200", "Metadata")]
    [InlineData("64:ff9b::168.63.129.16", "Metadata")]
    public void An_address_is_judged_by_what_it_stands_for(string address, string verdict)
    {
        AddressPolicy policy = new([], ApiServers);

        Assert.Equal(verdict, policy.Check(IPAddress.Parse(address), 80)?.ToString() ?? "allowed");
    }

    [Theory]
    [InlineData(ApiServer, "ApiServer")]
    [InlineData("[::ffff:10.96.0.1]:443", "ApiServer")]
    [InlineData("[::10.96.0.1]:443", "ApiServer")]
    [InlineData("[64:ff9b::10.96.0.1]:443", "ApiServer")]
    [InlineData("[2002:a60:1::]:443", "ApiServer")]
    [InlineData(ApiServerV6, "ApiServer")]
    [InlineData("[fd00:10:96::1%2]:443", "ApiServer")]
    [InlineData("10.96.0.1:9090", "allowed")]
    [InlineData("10.96.0.2:443", "allowed")]
    [InlineData("[fd00:10:96::1]:9090", "allowed")]
    public void The_api_server_is_denied_by_address_and_port_even_in_an_allowed_network(string endpoint, string verdict)
    {
        AddressPolicy policy = new([IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")], ApiServers);
        IPEndPoint parsed = IPEndPoint.Parse(endpoint);

        Assert.Equal(verdict, policy.Check(parsed.Address, parsed.Port)?.ToString() ?? "allowed");
    }

    [Theory]
    [InlineData("127.0.0.0/8", "127.0.0.1", "allowed")]
    [InlineData("127.0.0.0/8", "::ffff:127.0.0.1", "allowed")]
    [InlineData("127.0.0.0/8", "::1", "Loopback")]
    [InlineData("127.0.0.0/8", "169.254.169.254", "Metadata")]
    [InlineData("127.0.0.1/32", "127.0.0.2", "Loopback")]
    [InlineData("::1/128", "::1", "allowed")]
    [InlineData("::1/128", "127.0.0.1", "Loopback")]
    [InlineData("169.254.20.0/24", "169.254.20.10", "allowed")]
    [InlineData("169.254.20.0/24", "169.254.21.10", "LinkLocal")]
    public void An_allowed_network_lifts_the_deny_list_for_itself_alone(string network, string address, string verdict)
    {
        AddressPolicy policy = new([IPNetwork.Parse(network)], ApiServers);

        Assert.Equal(verdict, policy.Check(IPAddress.Parse(address), 80)?.ToString() ?? "allowed");
    }
}
