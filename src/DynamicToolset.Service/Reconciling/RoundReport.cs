using System.Collections.Immutable;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Events;
using DynamicToolset.Service.HolmesReload;

namespace DynamicToolset.Service.Reconciling;

/// <summary>Passes every state, with the same list of problems, to log, Events, metrics and the others.</summary>
/// <param name="events">Null where nothing is to be written.</param>
/// <param name="reload">Null if HolmesGPT is not to be told of changes of its file.</param>
/// <param name="publish">Must be quick and must not throw.</param>
internal sealed class RoundReport(RoundLog log, ProblemEvents? events, ReloadLoop? reload, Action<ControllerState> publish)
{
    public void Report(ControllerState state)
    {
        ImmutableArray<Problem> problems = Problems.Of(state);
        log.Report(state, problems);
        events?.Report(state, problems);
        reload?.Report(state);
        publish(state);
    }
}
