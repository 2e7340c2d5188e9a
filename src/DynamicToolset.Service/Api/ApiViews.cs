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

    /// <summary>
    /// Who asks again and again gets the last one while the next is made: a thousand toolsets take 20 ms, which one request in each second would wait for.
    /// </summary>
    private static readonly TimeSpan LongestShown = 2 * LongestTimesStand;

    private readonly Lock _gate = new();
    private ControllerState? _shown;
    private ApiView? _view;
    private long _madeAt;

    /// <summary>The last one that was made ahead; ends with the view.</summary>
    public Task Renewal { get; private set; } = Task.CompletedTask;

    /// <summary>Null before the first round. A round shows at once, times of checks within two seconds.</summary>
    public ApiView? Current
    {
        get
        {
            if (states.Current is not { } state)
                return null;
            lock (_gate)
            {
                bool isOfRound = ReferenceEquals(state, _shown);
                TimeSpan age = time.GetElapsedTime(_madeAt);
                if (_view is null || !isOfRound || age >= LongestShown)
                    Show(state, new ApiView(WithTimes(state), pipelineOf, isOfRound ? _view : null), time.GetTimestamp());
                else if (age >= LongestTimesStand && Renewal.IsCompleted)
                    Renewal = RenewAsync(state, _view);
                return _view;
            }
        }
    }

    private Task RenewAsync(ControllerState state, ApiView before) => Task.Run(() =>
    {
        long begun = time.GetTimestamp();
        var next = new ApiView(WithTimes(state), pipelineOf, before);
        next.MakeWhatWasAskedOf(before);
        lock (_gate)
        {
            // A round may have ended meanwhile.
            if (ReferenceEquals(before, _view))
                Show(state, next, begun);
        }
    });

    private void Show(ControllerState state, ApiView view, long madeAt) => (_shown, _view, _madeAt) = (state, view, madeAt);

    /// <summary>Where a verdict is another one by now, a round is about to say what follows from it.</summary>
    private ControllerState WithTimes(ControllerState state) => health() is var now && now.Equals(state.Health) ? state with { Health = now } : state;
}
