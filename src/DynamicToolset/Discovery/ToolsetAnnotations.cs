using System.Collections.Immutable;

namespace DynamicToolset.Discovery;

/// <summary>The annotations by which the owner of a Service says what it is. They choose among what the Service has, never a host.</summary>
public static class ToolsetAnnotations
{
    /// <summary><c>true</c> (or <c>enabled</c>): take this Service. <c>false</c>: leave it alone, whatever the rules say.</summary>
    public const string Toolset = "kubernaut.io/toolset";

    /// <summary>A known type, or <c>custom</c>.</summary>
    public const string Type = "kubernaut.io/toolset-type";

    /// <summary>The toolset's name; a DNS label. The default is the Service's name for <c>custom</c>, and the type's for the others.</summary>
    public const string Name = "kubernaut.io/toolset-name";

    /// <summary>The path of the health check, starting with <c>/</c>.</summary>
    public const string HealthEndpoint = "kubernaut.io/health-endpoint";

    /// <summary>Name or number of the port; needed where several fit.</summary>
    public const string Port = "kubernaut.io/toolset-port";

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public const string Scheme = "kubernaut.io/toolset-scheme";

    /// <summary>Those that count only where <see cref="Toolset"/> asks for a toolset.</summary>
    internal static ImmutableArray<string> Details { get; } = [Type, Name, HealthEndpoint, Port, Scheme];
}
