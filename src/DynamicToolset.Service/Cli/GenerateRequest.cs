using System.Collections.Immutable;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>generate</c> was asked to do.</summary>
/// <param name="Files">Manifest files and directories, <c>-</c> for standard input; empty: read the cluster.</param>
/// <param name="OverridesFile">A file in place of the ConfigMap's overrides.yaml; empty for none.</param>
/// <param name="Probe">Check the endpoints; else each counts as healthy.</param>
public sealed record GenerateRequest(
    Settings Settings, ImmutableArray<string> Files, string OverridesFile, bool Probe, OutputFormat Output);
