namespace DynamicToolset.Service.Cli;

/// <summary>The cluster, or something else outside the program, cannot be used as the settings say.</summary>
internal sealed class ClusterException(string message, Exception inner) : Exception(message, inner);
