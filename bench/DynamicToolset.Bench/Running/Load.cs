using DynamicToolset.Sandbox.Http;

namespace DynamicToolset.Bench.Running;

/// <summary>What a service cost within a window of time.</summary>
/// <param name="Cores">User and kernel time, as a part of one core.</param>
/// <param name="Requests">What the API server logged.</param>
internal sealed record Load(double Cores, IReadOnlyList<LoggedRequest> Requests)
{
    public int Lists => Requests.Count(r => r.Verb == "list");

    public int Reads => Requests.Count(r => r.Verb == "get");

    /// <summary>Without the Lease, which a leader renews every few seconds.</summary>
    public int Writes => Requests.Count(r => r.Method is not "GET" && r.Resource is not "leases");

    public int Others => Requests.Count - Lists - Reads - Writes;
}
