using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>explain</c> was asked to do.</summary>
/// <param name="Service">Null for all of them.</param>
/// <param name="Files">Manifest files and directories, <c>-</c> for standard input; empty: read the cluster.</param>
/// <param name="Probe">Check the endpoints.</param>
public sealed record ExplainRequest(
    Settings Settings, ObjectKey? Service, ImmutableArray<string> Files, bool Probe, OutputFormat Output);
