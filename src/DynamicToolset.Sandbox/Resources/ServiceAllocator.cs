using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>Hands out cluster IPs of 10.96.0.0/16 and node ports of 30000 to 32767 that no Service has.</summary>
internal sealed class ServiceAllocator(Random random)
{
    public const string Range = "10.96.0.0/16";

    private readonly HashSet<string> _addresses = new(StringComparer.Ordinal);
    private readonly HashSet<long> _nodePorts = [];

    public static bool IsInRange(string address) =>
        IPAddress.TryParse(address, out IPAddress? parsed) && parsed.AddressFamily == AddressFamily.InterNetwork && IPNetwork.Parse(Range).Contains(parsed);

    /// <summary>Notes what a stored Service has.</summary>
    public void Take(JsonObject spec)
    {
        if (spec.Text("clusterIP") is { } address)
            _addresses.Add(address);

        _nodePorts.UnionWith(NodePorts(spec));
    }

    /// <summary>Frees what a stored Service had.</summary>
    public void Release(JsonObject spec)
    {
        _addresses.Remove(spec.Text("clusterIP") ?? "");
        _nodePorts.ExceptWith(NodePorts(spec));
    }

    public string NextAddress()
    {
        while (true)
        {
            string address = string.Create(CultureInfo.InvariantCulture, $"10.96.{random.Next(256)}.{random.Next(1, 255)}");
            if (!_addresses.Contains(address))
                return address;
        }
    }

    /// <param name="also">Ports that are not free either.</param>
    public long NextNodePort(IReadOnlySet<long> also)
    {
        while (true)
        {
            long port = random.Next(30000, 32768);
            if (!_nodePorts.Contains(port) && !also.Contains(port))
                return port;
        }
    }

    private static IEnumerable<long> NodePorts(JsonObject spec) => spec.Items("ports").Select(port => port.Number("nodePort")).OfType<long>();
}
