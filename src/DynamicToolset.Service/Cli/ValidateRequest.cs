using System.Collections.Immutable;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>validate</c> was asked to do.</summary>
/// <param name="Files">Files and directories, <c>-</c> for standard input; at least one.</param>
public sealed record ValidateRequest(ImmutableArray<string> Files, OutputFormat Output);
