namespace DynamicToolset.HealthCheck;

/// <summary>How the health of a type's backends is asked.</summary>
/// <param name="Path">Starts with <c>/</c>; empty where nothing is asked, see <see cref="Connection"/>.</param>
public sealed record HealthCheckSpec(string Path, AcceptedStatuses Accepts)
{
    /// <summary>For what does not speak HTTP: a backend that takes a connection is healthy.</summary>
    public static HealthCheckSpec Connection { get; } = new("", AcceptedStatuses.Default);

    public bool IsConnection => Path.Length == 0;
}
