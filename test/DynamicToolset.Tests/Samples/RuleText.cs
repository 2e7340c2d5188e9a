using DynamicToolset.Rules;

namespace DynamicToolset.Tests.Samples;

/// <summary>Rule files around the one line that a test is about.</summary>
internal static class RuleText
{
    /// <summary>Where the line of the spec stands.</summary>
    public const int SpecLine = 5;

    private static readonly (string Field, string Line)[] Spec =
    [
        ("match", "match: {labels: {app: x}}"),
        ("ports", "ports: [{number: 80}]"),
        ("health", "health: {path: /health}"),
        ("toolset", "toolset: {config: {url: \"{endpoint.url}\"}}"),
    ];

    /// <summary>A rule that is complete but for the line, which takes the place of the field that it names.</summary>
    /// <param name="line">For example <c>priority: 7</c>; more lines are indented like the first.</param>
    public static string WithSpec(string line, string name = "x")
    {
        IEnumerable<string> others = Spec.Where(s => !line.StartsWith(s.Field + ":", StringComparison.Ordinal)).Select(s => s.Line);
        return $"apiVersion: toolset.kubernaut.io/v1alpha1\nkind: DetectorRule\nmetadata: {{name: {name}}}\nspec:\n  {line}\n  {string.Join("\n  ", others)}\n";
    }

    /// <summary>The one rule of a text that is right.</summary>
    public static DetectorRule Parse(string text)
    {
        RuleReading reading = RuleParser.Read(new RuleFile("rule.yaml", text));
        Assert.Empty(reading.Problems);
        return Assert.Single(reading.Rules).Rule;
    }
}
