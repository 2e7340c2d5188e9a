namespace DynamicToolset.Bench.Running;

/// <summary>What a service runs in.</summary>
/// <param name="Resolve">Further names, each as <c>host:port=address:port</c>.</param>
internal sealed record Container(MemoryLimit Limit, IEnumerable<string> Resolve);
