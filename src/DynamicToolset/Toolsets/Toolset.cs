using DynamicToolset.Cluster;
using DynamicToolset.Values;

namespace DynamicToolset.Toolsets;

/// <summary>One toolset, as it will be written under <see cref="DataKey"/>.</summary>
/// <param name="Type">A built-in type or <c>custom</c>.</param>
/// <param name="Body">Everything except the name: <c>enabled</c>, <c>config</c>, and other fields from an override.</param>
public sealed record Toolset(string Name, string Type, ToolsetValue.Map Body, ToolsetSource Source)
{
    /// <summary>Who of several overrides says what, for the comment; empty where the key <c>overrides.yaml</c> alone has a say.</summary>
    public string SetBy { get; init; } = "";

    public string DataKey => ToolsetKey.Of(Name);

    public bool IsEnabled => Body["enabled"] is not ToolsetValue.Flag { Value: false };
}
