namespace DynamicToolset.Service.Tests.Boundary;

/// <summary>Where nobody connects to, whatever is to be asked there, and why.</summary>
internal static class DeniedAddresses
{
    /// <summary>Of the API server in these tests, at whatever port the victim has.</summary>
    public const string ApiServer = "10.96.0.1";

    public static TheoryData<string, string> All => new()
    {
        { "127.0.0.1", "Loopback" },
        { "127.0.0.2", "Loopback" },
        { "127.255.255.254", "Loopback" },
        { "::1", "Loopback" },
        { "::ffff:127.0.0.1", "Loopback" },
        { "::127.0.0.1", "Loopback" },
        { "64:ff9b::127.0.0.1", "Loopback" },
        { "64:ff9b:1::7f00:1", "Loopback" },
        { "2002:7f00:1::1", "Loopback" },
        { "0.0.0.0", "Unspecified" },
        { "0.0.0.1", "Unspecified" },
        { "::", "Unspecified" },
        { "::ffff:0.0.0.0", "Unspecified" },
        { "169.254.169.254", "Metadata" },
        { "::ffff:169.254.169.254", "Metadata" },
        { "64:ff9b::a9fe:a9fe", "Metadata" },
        { "2002:a9fe:a9fe::", "Metadata" },
        { "100.100.100.200", "Metadata" },
        { "::ffff:100.100.100.200", "Metadata" },
        { "168.63.129.16", "Metadata" },
        { "fd00:ec2::254", "Metadata" },
        { "fd20:ce::254", "Metadata" },
        { "169.254.1.1", "LinkLocal" },
        { "fe80::1", "LinkLocal" },
        { "fe80::1%1", "LinkLocal" },
        { "224.0.0.1", "Multicast" },
        { "ff02::1", "Multicast" },
        { "255.255.255.255", "Broadcast" },
        { "10.96.0.1", "ApiServer" },
        { "::ffff:10.96.0.1", "ApiServer" },
        { "64:ff9b::10.96.0.1", "ApiServer" },
    };
}
