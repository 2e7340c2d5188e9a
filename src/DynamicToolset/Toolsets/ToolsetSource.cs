using DynamicToolset.Capabilities;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Toolsets;

/// <summary>Where a toolset comes from.</summary>
public abstract record ToolsetSource
{
    private ToolsetSource()
    {
    }

    /// <summary>There in every cluster.</summary>
    public sealed record Always : ToolsetSource;

    public sealed record Service(ObjectKey Key) : ToolsetSource
    {
        /// <summary>How its health was asked; null where that is not known.</summary>
        public HealthCheckTarget? Check { get; init; }

        /// <summary>False outside of CREDENTIALS_NAMESPACES: references to secrets are taken out, unless an override says where they lead.</summary>
        public bool GetsReferences { get; init; } = true;

        /// <summary>Among those of its type: 0 is the first, who is taken where there is a place for one only.</summary>
        public int Place { get; init; }

        /// <summary>The backend's description of itself, for the model; null if there is none.</summary>
        public CapabilityLine? Says { get; init; }

        /// <inheritdoc cref="Discovery.NamedEndpoint.Swap"/>
        public string? Swap { get; init; }
    }

    /// <summary>An admin's entry in <c>overrides.yaml</c> and nothing else.</summary>
    public sealed record Override : ToolsetSource;
}
