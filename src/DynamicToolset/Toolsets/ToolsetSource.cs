using DynamicToolset.Discovery;

namespace DynamicToolset.Toolsets;

/// <summary>Where a toolset comes from.</summary>
public abstract record ToolsetSource
{
    private ToolsetSource()
    {
    }

    /// <summary>There in every cluster.</summary>
    public sealed record Always : ToolsetSource;

    public sealed record Service(ObjectKey Key) : ToolsetSource;

    /// <summary>An admin's entry in <c>overrides.yaml</c> and nothing else.</summary>
    public sealed record Override : ToolsetSource;
}
