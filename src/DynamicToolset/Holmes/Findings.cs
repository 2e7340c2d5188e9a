using System.Collections.Immutable;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>Collects problems, each once, whichever release has it. A rule that is not of the target finds nothing.</summary>
internal sealed class Findings(HolmesTarget target)
{
    private readonly HashSet<HolmesProblem> _problems = [];

    public bool Any => _problems.Any(p => !p.IsWarning);

    /// <param name="name">A name or key as it stands in the file.</param>
    public void Report(HolmesRule rule, YamlPosition at, string name) => ReportAbout(rule, at, QuotedText.Of(name));

    public void Report(Misfit misfit, HolmesRule rule) =>
        Add(new HolmesProblem(rule, misfit.Position, QuotedText.Of(misfit.Name)) { Instead = $"Write {misfit.Wanted}" });

    /// <param name="subject">Our own words, or words that are already quoted.</param>
    public void ReportAbout(HolmesRule rule, YamlPosition at, string subject) => Add(new HolmesProblem(rule, at, subject));

    public ImmutableArray<HolmesProblem> InOrder() =>
    [
        .. _problems.OrderBy(p => p.Position.Line)
            .ThenBy(p => p.Position.Column)
            .ThenBy(p => p.Rule.Effect)
            .ThenBy(p => p.Rule.Id, StringComparer.Ordinal)
            .ThenBy(p => p.Subject, StringComparer.Ordinal),
    ];

    private void Add(HolmesProblem problem)
    {
        if (problem.Rule.Only is null || problem.Rule.Only == target)
            _problems.Add(problem);
    }
}
