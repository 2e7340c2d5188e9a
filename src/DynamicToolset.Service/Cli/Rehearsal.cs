using System.Collections.Immutable;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Cli;

/// <summary>
/// Tells what would be written, once for each change: the log has the keys, and <paramref name="show"/> the difference, which holds values of overrides that
/// no log must have.
/// </summary>
internal sealed partial class Rehearsal(Action<string> show, ILogger logger)
{
    private string _told = "";

    public void Show(Decision decision)
    {
        if (decision.Plan is ConfigMapPlan.None)
            _told = "";
        if (decision.Step is ConfigMapPlan.None or ConfigMapPlan.Refuse)
            return;
        ImmutableArray<ConfigMapChange> changes = ConfigMapChanges.Of(decision.Step, decision.State.Observed);
        string text = DiffText.Of(changes, isColoured: false);
        if (text == _told)
            return;
        _told = text;
        LogWouldWrite(
            [.. changes.Where(c => c.After is not null).Select(c => c.Key)],
            [.. changes.Where(c => c.After is null).Select(c => c.Key)]);
        show(text);
    }
}
