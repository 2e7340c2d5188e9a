using System.Collections.Immutable;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>sandbox</c> was asked to do.</summary>
/// <param name="SettingsWithoutEffect">Names to warn about at the start.</param>
/// <param name="Once">End after convergence, with the ConfigMap on standard output.</param>
/// <param name="Files">Manifest files and directories; empty for the built-in example.</param>
public sealed record SandboxRequest(
    Settings Settings, ImmutableArray<string> SettingsWithoutEffect, bool Once, ImmutableArray<string> Files);
