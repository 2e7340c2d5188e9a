using System.Collections.Immutable;
using CsCheck;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Properties;

public sealed class RuleProperties(ITestOutputHelper output)
{
    private static readonly ImmutableArray<RuleFile> Files =
    [
        .. BuiltInRules.Files(),
        new RuleFile("pyroscope.yaml", RuleText.WithSpec("priority: 7", "pyroscope")),
        new RuleFile("promxy.yaml", RuleText.WithSpec("type: prometheus", "promxy") + "---\n" + RuleText.WithSpec("compatible: true", "sentry")),
    ];

    [Fact]
    public void Files_in_any_order_make_the_same_rules()
    {
        RuleSet expected = BuiltInRules.With(Files).RuleSet!;
        Gen.Shuffle(Files.ToArray()).Holds(
            300,
            output,
            shuffled =>
            {
                RuleSet rules = BuiltInRules.With(shuffled).RuleSet!;
                Assert.Equal(expected.Rules.Select(r => r.Name), rules.Rules.Select(r => r.Name));
                Assert.Equal(expected.Types.Select(t => t.Name), rules.Types.Select(t => t.Name));
                Assert.True(rules.ChangesSince(expected).IsEmpty);
            },
            shuffled => [shuffled[0] == Files[0] ? "the first stays first" : "another is first"],
            "another is first");
    }
}
