namespace DynamicToolset.Service.Observability;

/// <summary>Where log lines go.</summary>
public enum LogStream
{
    /// <summary>Where a container's log is taken from.</summary>
    StandardOutput,

    /// <summary>For commands whose result is on standard output.</summary>
    StandardError,
}
