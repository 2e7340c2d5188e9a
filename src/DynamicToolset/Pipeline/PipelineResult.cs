using System.Collections.Immutable;
using DynamicToolset.Discovery;
using DynamicToolset.Reconciliation;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Pipeline;

/// <param name="Endpoints">The endpoints that made it, with their names.</param>
/// <param name="Toolsets">Theirs, and those that need no endpoint.</param>
public sealed record PipelineResult(ImmutableArray<NamedEndpoint> Endpoints, ToolsetList Toolsets, DesiredConfigMap Desired);
