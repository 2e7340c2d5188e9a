using DynamicToolset.Bench.Clusters;

namespace DynamicToolset.Bench.Running;

/// <summary>What a service cost within a window of time.</summary>
/// <param name="Cores">User and kernel time, as a part of one core.</param>
/// <param name="Requests">What it asked the API server for.</param>
internal sealed record Load(double Cores, IReadOnlyList<KubeRequest> Requests)
{
    public int Lists => Requests.Count(r => r.Verb == "list");

    public int Reads => Requests.Count(r => r.Verb == "get");

    /// <summary>Without the Lease, which a leader renews every few seconds.</summary>
    public int Writes => Requests.Count(r => r.Verb is not ("list" or "get" or "watch") && r.Resource is not "leases");

    public int Others => Requests.Count - Lists - Reads - Writes;
}
