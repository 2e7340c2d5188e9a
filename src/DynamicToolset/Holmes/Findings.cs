using System.Collections.Immutable;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>Collects problems. A rule that is not of the target finds nothing.</summary>
internal sealed class Findings(HolmesTarget target)
{
    private readonly HashSet<HolmesProblem> _problems = [];

    public HolmesTarget Target => target;

    public bool Any => _problems.Count > 0;

    /// <param name="name">A name or key as it stands in the file.</param>
    public void Report(HolmesRule rule, YamlPosition at, string name) => ReportAbout(rule, at, QuotedText.Of(name));

    /// <param name="subject">Our own words, or words that are already quoted.</param>
    public void ReportAbout(HolmesRule rule, YamlPosition at, string subject)
    {
        if (rule.Only is null || rule.Only == target)
            _problems.Add(new HolmesProblem(rule, at, subject));
    }

    public ImmutableArray<HolmesProblem> InOrder() =>
    [
        .. _problems.OrderBy(p => p.Position.Line)
            .ThenBy(p => p.Position.Column)
            .ThenBy(p => p.Rule.Effect)
            .ThenBy(p => p.Rule.Id, StringComparer.Ordinal)
            .ThenBy(p => p.Subject, StringComparer.Ordinal),
    ];
}
