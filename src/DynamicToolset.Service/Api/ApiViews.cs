using DynamicToolset.HealthCheck;
using DynamicToolset.Pipeline;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Service.State;

namespace DynamicToolset.Service.Api;

/// <summary>The newest view; made when somebody asks. Safe for several at once.</summary>
/// <param name="health">As the checks have it now: the times of checks move on between two rounds.</param>
internal sealed class ApiViews(StateStore states, Func<JudgedHealth> health, Func<RuleSet, ToolsetPipeline> pipelineOf, TimeProvider time)
{
    /// <summary>A thousand endpoints are checked thirty times a second: not each of these makes every answer anew.</summary>
    private static readonly TimeSpan LongestTimesStand = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private ControllerState? _shown;
    private ApiView? _view;
    private long _madeAt;

    /// <summary>Null before the first round.</summary>
    public ApiView? Current
    {
        get
        {
            if (states.Current is not { } state)
                return null;
            lock (_gate)
            {
                bool isOfRound = ReferenceEquals(state, _shown);
                if (_view is null || !isOfRound || time.GetElapsedTime(_madeAt) >= LongestTimesStand)
                    (_shown, _view, _madeAt) = (state, new ApiView(WithTimes(state), pipelineOf, isOfRound ? _view : null), time.GetTimestamp());
                return _view;
            }
        }
    }

    /// <summary>Where a verdict is another one by now, a round is about to say what follows from it.</summary>
    private ControllerState WithTimes(ControllerState state) => health() is var now && now.Equals(state.Health) ? state with { Health = now } : state;
}
