using System.Collections.Immutable;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Events;
using DynamicToolset.Service.HolmesReload;

namespace DynamicToolset.Service.Reconciling;

/// <summary>Who is told of every state, each of the same list of problems.</summary>
/// <param name="events">Null where nothing is to be written.</param>
/// <param name="reload">Null where nobody is to be told that the file for HolmesGPT has changed.</param>
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
