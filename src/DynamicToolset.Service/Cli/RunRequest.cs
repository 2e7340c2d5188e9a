using System.Collections.Immutable;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>run</c> was asked to do.</summary>
/// <param name="SettingsWithoutEffect">Names to warn about at the start.</param>
public sealed record RunRequest(Settings Settings, ImmutableArray<string> SettingsWithoutEffect);
