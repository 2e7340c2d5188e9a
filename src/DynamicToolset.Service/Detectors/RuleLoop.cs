using DynamicToolset.Rules;
using DynamicToolset.Service.Loops;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Detectors;

/// <summary>
/// Looks at the files of the rules again and again. It asks for their content: the kubelet changes a mounted ConfigMap by swapping a link,
/// which neither the times of the files nor notifications about them show.
/// </summary>
/// <param name="changed">Called where the rules, or the problems with them, are not what they were. Must be quick and not throw.</param>
public sealed partial class RuleLoop(RuleSource rules, Action changed, TimeProvider time, ILogger<RuleLoop> logger)
{
    /// <summary>Between two looks. The kubelet itself takes up to a minute or two to bring a change.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>Before the look that tells whether somebody is still writing.</summary>
    public static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(2);

    /// <summary>One log line must stay one that a person reads.</summary>
    private const int MostProblemsTold = 10;

    public Heartbeat Heartbeat { get; } = new("watch-rules", time);

    /// <summary>Runs until stopped. Whatever stands in the files, or keeps them from being read, is outlived.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        RuleChanges atStart = rules.Current.InForce.ChangesSince(BuiltInRules.All);
        if (!atStart.IsEmpty)
            LogRead([.. atStart.Added], [.. atStart.Replaced]);
        try
        {
            TimeSpan wait = Interval;
            while (true)
            {
                Heartbeat.Beat(wait);
                await Task.Delay(wait, time, stop);
                wait = Look() == RuleNews.Unsettled ? SettlingTime : Interval;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    private RuleNews Look()
    {
        RuleState before = rules.Current;
        RuleNews news = rules.Refresh();
        if (news == RuleNews.Changed)
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
    }
}
