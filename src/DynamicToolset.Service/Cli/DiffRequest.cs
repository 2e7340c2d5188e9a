using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>diff</c> was asked to do.</summary>
/// <param name="OverridesFile">A file in place of the ConfigMap's overrides.yaml; empty for none.</param>
/// <param name="Probe">Check the endpoints; else each counts as healthy.</param>
public sealed record DiffRequest(Settings Settings, string OverridesFile, bool Probe, OutputFormat Output);
