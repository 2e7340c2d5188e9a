using System.Collections.Immutable;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>validate</c> was asked to do.</summary>
/// <param name="Files">Files and directories, <c>-</c> for standard input; at least one.</param>
public sealed record ValidateRequest(ImmutableArray<string> Files, OutputFormat Output)
{
    /// <summary>What a file for HolmesGPT is checked by; null where the files are rules and overrides.</summary>
    public Settings? Holmes { get; init; }
}
