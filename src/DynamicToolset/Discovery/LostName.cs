using DynamicToolset.Cluster;

namespace DynamicToolset.Discovery;

/// <summary>The toolset name that a Service asked for and did not get.</summary>
/// <param name="Holder">Who has it; null where it is nobody's to have.</param>
/// <param name="Reason">For a person.</param>
/// <param name="Swap">What to do so that the two change places; null where nothing would.</param>
public sealed record LostName(string Name, ObjectKey? Holder, string Reason, string? Swap = null);
