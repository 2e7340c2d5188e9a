using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Overriding;

namespace DynamicToolset.Service.Hosting;

/// <summary>What admins write into mounted files, each kept up to date by a loop of its own.</summary>
public sealed record AdminFiles(RuleSource Rules, OverrideSource Overrides)
{
    /// <exception cref="Input.InputException">Something is wrong; the message has a line for each problem, and one of advice.</exception>
    public static AdminFiles Open(Settings settings) => new(RuleSource.Open(settings), OverrideSource.Open(settings));
}
