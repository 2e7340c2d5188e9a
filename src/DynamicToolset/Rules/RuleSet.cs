using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DynamicToolset.Backends;
using DynamicToolset.Values;

namespace DynamicToolset.Rules;

/// <summary>The types that are known and the rules that find them.</summary>
public sealed record RuleSet
{
    /// <summary>Beside the built-in ones. Each is a value of a metric's label.</summary>
    private const int MostTypes = 100;

    private readonly FrozenDictionary<string, ToolsetType> _typeByName;
    private readonly FrozenDictionary<string, ToolsetValue> _contentByName;
    private readonly FrozenDictionary<string, TwinRule> _twinsByRule;
    private readonly Lazy<string> _fingerprint;

    private RuleSet(ImmutableArray<ToolsetType> types, ImmutableArray<ParsedRule> rules)
    {
        Types = types;
        Rules = [.. rules.Select(r => r.Rule)];
        _typeByName = types.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);
        _contentByName = rules.ToFrozenDictionary(r => r.Rule.Name, r => r.Content, StringComparer.Ordinal);
        _twinsByRule = Rules.Where(r => r.Twins != TwinRule.None).ToFrozenDictionary(r => r.Name, r => r.Twins, StringComparer.Ordinal);
        _fingerprint = new Lazy<string>(() => FingerprintOf(rules));
        ILookup<PairSource, Condition.Pair> read = Rules.SelectMany(r => r.Conditions()).SelectMany(c => c.Pairs()).ToLookup(p => p.Source);
        LabelsRead = read[PairSource.Label].Select(p => p.Key).ToFrozenSet(StringComparer.Ordinal);
        AnnotationsRead = read[PairSource.Annotation].Select(p => p.Key).ToFrozenSet(StringComparer.Ordinal);
        SelectorConditions = read[PairSource.Selector].ToLookup(p => p.Key, p => p.Value, StringComparer.Ordinal);
    }

    /// <summary>The SHA-256 of all rules, in hexadecimal digits: independent of their files and comments.</summary>
    public string Fingerprint => _fingerprint.Value;

    /// <summary>The labels that some rule reads: no other label can change the result for a Service.</summary>
    public FrozenSet<string> LabelsRead { get; }

    /// <summary>The annotations that some rule reads, besides those of this service.</summary>
    public FrozenSet<string> AnnotationsRead { get; }

    /// <summary>What the rules demand of pod selectors, by key.</summary>
    internal ILookup<string, TextCondition> SelectorConditions { get; }

    /// <summary>In the order in which their toolsets are written.</summary>
    public ImmutableArray<ToolsetType> Types { get; }

    /// <summary>The higher priority first, then by name.</summary>
    public ImmutableArray<DetectorRule> Rules { get; }

    public ToolsetType? FindType(string name) => _typeByName.GetValueOrDefault(name);

    /// <summary>How several Services of one backend are recognised: as this rule says, or else as its type's rule does.</summary>
    /// <param name="rule">Null where only an annotation names the type.</param>
    public TwinRule TwinsOf(string type, string? rule) =>
        rule is not null && _twinsByRule.TryGetValue(rule, out TwinRule? own) ? own : FindType(type)?.Twins ?? TwinRule.None;

    public DetectorRule? FindRule(string name) => Rules.FirstOrDefault(r => r.Name == name);

    /// <summary>The rule that takes what answers as this product: the one of its name before others that share the product. Null where none does.</summary>
    public DetectorRule? FindRuleOf(string product)
    {
        IEnumerable<DetectorRule> claiming = Rules.Where(r => r.IsEnabled && r.Product == product);
        return claiming.OrderByDescending(r => r.Name == product).FirstOrDefault();
    }

    /// <summary>The request that HolmesGPT will send to what the rule finds; null if only health is checked.</summary>
    public Question? QuestionOf(DetectorRule rule) => rule.Question ?? FindType(rule.Type)?.Question;

    public RuleChanges ChangesSince(RuleSet before)
    {
        ImmutableArray<string> names = [.. _contentByName.Keys.Union(before._contentByName.Keys).Order(StringComparer.Ordinal)];
        return new RuleChanges(
            [.. names.Where(n => !before._contentByName.ContainsKey(n))],
            [
                .. names.Where(n => _contentByName.TryGetValue(n, out ToolsetValue? now)
                    && before._contentByName.TryGetValue(n, out ToolsetValue? old)
                    && !now.Equals(old)),
            ],
            [.. names.Where(n => !_contentByName.ContainsKey(n))]);
    }

    /// <summary>
    /// Puts rules together: of two with one name the later one counts. The order of the files means nothing.
    /// </summary>
    public static RuleSetReading Compose(ImmutableArray<ParsedRule> first, ImmutableArray<ParsedRule> later)
    {
        Dictionary<string, ParsedRule> byName = first.ToDictionary(r => r.Rule.Name, StringComparer.Ordinal);
        foreach (ParsedRule rule in later)
            byName[rule.Rule.Name] = Completed(rule, byName.GetValueOrDefault(rule.Rule.Name));
        ImmutableArray<ParsedRule> rules =
            [.. byName.Values.OrderByDescending(r => r.Rule.Priority).ThenBy(r => r.Rule.Name, StringComparer.Ordinal)];
        ImmutableArray<RuleProblem> problems = [.. rules.Select(r => ProblemWith(r, byName)).OfType<RuleProblem>(), .. TooManyTypes(later)];
        return problems.IsEmpty
            ? RuleSetReading.Of(new RuleSet(TypesOf(rules), rules))
            : RuleSetReading.Failed(problems);
    }

    /// <summary>The documents that make this set out of another one, word for word as <see cref="ParsedRule.Content"/> has them.</summary>
    internal IEnumerable<ToolsetValue.Map> DocumentsBeside(RuleSet others)
    {
        RuleChanges changes = ChangesSince(others);
        return changes.Added.Concat(changes.Replaced).Select(name => (ToolsetValue.Map)_contentByName[name])
            .Select(content => content["enabled"] as ToolsetValue.Map ?? content);
    }

    private static string FingerprintOf(ImmutableArray<ParsedRule> rules)
    {
        var text = new StringBuilder();
        foreach (ParsedRule rule in rules)
            text.Append(rule.Rule.Name).Append('\n').AppendEntries((ToolsetValue.Map)rule.Content, indent: 1);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>A rule that is only switched off still says what its type is; one that is only switched on says all that the other said.</summary>
    private static ParsedRule Completed(ParsedRule rule, ParsedRule? replaced)
    {
        if (replaced is null)
            return rule;
        if (rule.Rule.IsSwitchedOnAlone)
        {
            return rule with
            {
                Rule = replaced.Rule with { IsEnabled = true },
                Content = ToolsetValue.Map.Of(("enabled", rule.Content), ("rule", replaced.Content)),
            };
        }

        return rule.Rule.IsEnabled ? rule : rule with
        {
            Rule = rule.Rule with
            {
                Type = replaced.Rule.Type,
                Health = rule.Rule.Health ?? replaced.Rule.Health,
                Config = rule.Rule.Config ?? replaced.Rule.Config,
                Fingerprint = rule.Rule.Fingerprint ?? replaced.Rule.Fingerprint,
                Question = rule.Rule.Question ?? replaced.Rule.Question,
            },
        };
    }

    private static RuleProblem? ProblemWith(ParsedRule parsed, Dictionary<string, ParsedRule> byName)
    {
        DetectorRule rule = parsed.Rule;
        if (rule.Type is ToolsetName.Kubernetes or ToolsetName.Overrides || rule.Type == BuiltInRules.Custom.Name)
            return parsed.Problem($"the type {rule.Type} is reserved: choose another name");
        if (rule.IsSwitchedOnAlone)
            return parsed.Problem("the fields \"match\" and \"ports\" are missing: there is no built-in rule of this name to enable");
        if (!rule.IsDefiningItsType)
            return ProblemWithTypeOf(parsed, byName.GetValueOrDefault(rule.Type));
        if (!rule.IsEnabled)
            return null;
        return IsDefinition(rule) ? null : parsed.Problem("\"health\" and \"toolset\" are missing: this rule defines its type");
    }

    private static RuleProblem? ProblemWithTypeOf(ParsedRule parsed, ParsedRule? sameName)
    {
        if (sameName is null)
            return parsed.Problem($"no rule defines the type {parsed.Rule.Type}: add one with that name");
        return IsDefinition(sameName.Rule)
            ? null
            : parsed.Problem($"no rule defines the type {parsed.Rule.Type}: the one with that name, in {sameName.File}, is for another type or lacks \"health\" or \"toolset\"");
    }

    private static bool IsDefinition(DetectorRule rule) => rule is { IsDefiningItsType: true, Health: not null, Config: not null };

    private static IEnumerable<RuleProblem> TooManyTypes(ImmutableArray<ParsedRule> later) => later
        .Where(r => r.Rule.IsDefiningItsType)
        .OrderBy(r => r.Rule.Name, StringComparer.Ordinal)
        .Skip(MostTypes)
        .Take(1)
        .Select(r => r.Problem($"more than {MostTypes} types"));

    private static ImmutableArray<ToolsetType> TypesOf(ImmutableArray<ParsedRule> rules) =>
    [
        .. rules
            .Select(r => r.Rule)
            .Where(IsDefinition)
            .Select(r => new ToolsetType(r.Name, r.Health!, r.Config!, r.Twins) { Fingerprint = r.Fingerprint, Question = r.Question })
            .OrderBy(t => BackendKinds.All.IndexOf(BackendKinds.Of(t.Name)))
            .ThenBy(t => t.Name, StringComparer.Ordinal),
    ];
}
