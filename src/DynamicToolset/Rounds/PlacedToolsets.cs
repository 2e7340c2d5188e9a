using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Pipeline;

namespace DynamicToolset.Rounds;

/// <summary>Which Services have a toolset in the ConfigMap, as that was seen last.</summary>
internal sealed record PlacedToolsets
{
    private PipelineResult? _readBy;
    private string? _readFrom;

    public static PlacedToolsets None { get; } = new();

    /// <summary>The names of the toolsets.</summary>
    public ImmutableDictionary<ObjectKey, string> Names { get; private init; } = ImmutableDictionary<ObjectKey, string>.Empty;

    /// <summary>
    /// A write may wait, or fail: until it is done the toolset is still there, whatever was decided. While the ConfigMap is deleted it is on its way back.
    /// </summary>
    public PlacedToolsets Next(ControllerState state)
    {
        if (state.Observed is not { } configMap || (ReferenceEquals(state.Result, _readBy) && configMap.ResourceVersion == _readFrom))
            return this;
        ImmutableDictionary<ObjectKey, string>.Builder names = ImmutableDictionary.CreateBuilder<ObjectKey, string>();
        HashSet<string> given = [.. state.Result.Endpoints.Select(e => e.Name)];
        names.AddRange(Names.Where(n => !given.Contains(n.Value) && IsThere(n.Value)));
        foreach ((string name, ObjectKey service) in state.Result.Endpoints.Select(e => (e.Name, e.Detection.Service.Key)).Where(e => IsThere(e.Name)))
            names[service] = name;
        return new PlacedToolsets { Names = names.ToImmutable(), _readBy = state.Result, _readFrom = configMap.ResourceVersion };

        bool IsThere(string name) => configMap.Data.ContainsKey(ToolsetKey.Of(name));
    }
}
