using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;
using DynamicToolset.Service.MountedFiles;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Detectors;

/// <summary>Has the files of the rules looked at again and again, and tells what came of it.</summary>
/// <param name="tokens">Each of them is for a rule, which is looked for.</param>
/// <param name="changed">Called where the rules, or the problems with them, are not what they were. Must be quick and not throw.</param>
public sealed partial class RuleLoop(RuleSource rules, CheckTokens tokens, Action changed, TimeProvider time, ILogger<RuleLoop> logger)
    : DirectoryLoop("watch-rules", time)
{
    /// <summary>One log line must stay one that a person reads.</summary>
    private const int MostProblemsTold = 10;

    protected override void TellStart()
    {
        RuleChanges atStart = rules.Current.InForce.ChangesSince(BuiltInRules.All);
        if (!atStart.IsEmpty)
            LogRead([.. atStart.Added], [.. atStart.Replaced]);
        TellUnknown(UnknownRules(rules.Current));
    }

    protected override DirectoryNews Look()
    {
        RuleState before = rules.Current;
        DirectoryNews news = rules.Refresh();
        if (news == DirectoryNews.Changed)
        {
            Tell(before, rules.Current);
            changed();
        }

        return news;
    }

    private void Tell(RuleState before, RuleState now)
    {
        RuleChanges changes = now.InForce.ChangesSince(before.InForce);
        if (!now.Problems.IsEmpty)
            LogProblems(now.Problems.Length, [.. now.Problems.Take(MostProblemsTold).Select(p => p.ToString())]);
        else if (!changes.IsEmpty)
            LogReloaded([.. changes.Added], [.. changes.Replaced], [.. changes.Removed]);
        else if (!before.Problems.IsEmpty)
            LogGood();
        if (!UnknownRules(now).SequenceEqual(UnknownRules(before)))
            TellUnknown(UnknownRules(now));
    }

    private string[] UnknownRules(RuleState state) => [.. tokens.Unknown(name => state.InForce.FindRule(name) is not null)];

    private void TellUnknown(string[] names)
    {
        if (names.Length > 0)
            LogUnknownRules(names);
    }
}
