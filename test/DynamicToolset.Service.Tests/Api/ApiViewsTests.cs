using DynamicToolset.Pipeline;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Service.Api;
using DynamicToolset.Service.State;
using DynamicToolset.Service.Tests.Samples;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Api;

/// <summary>When an answer of the API is made anew.</summary>
public sealed class ApiViewsTests
{
    private static readonly ToolsetPipeline Pipeline = new(BuiltInRules.All, [], [], "");
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly StateStore _states = new();
    private readonly ApiViews _views;

    public ApiViewsTests()
    {
        _states.Publish(States.Empty);
        _views = new ApiViews(_states, () => States.Empty.Health, _ => Pipeline, _time);
    }

    [Fact]
    public void What_a_round_found_is_shown_at_once()
    {
        Assert.Same(States.Empty.Detected, _views.Current!.State.Detected);
        ControllerState next = States.WithGrafanas(_ => true, ("a/grafana", "grafana"));
        _states.Publish(next);
        Assert.Same(next.Detected, _views.Current!.State.Detected);
    }

    [Fact]
    public async Task Who_asks_again_after_a_second_gets_the_last_answer_while_the_next_is_made()
    {
        ApiView first = _views.Current!;
        _time.Advance(Second - TimeSpan.FromTicks(1));
        Assert.Same(first, _views.Current);
        Assert.True(_views.Renewal.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Same(first, _views.Current);
        await _views.Renewal;
        ApiView second = _views.Current!;
        Assert.NotSame(first, second);
        Assert.Same(second, _views.Current);
    }

    [Fact]
    public void An_answer_that_nobody_wanted_for_two_seconds_is_made_anew_first()
    {
        ApiView first = _views.Current!;
        _time.Advance(2 * Second);
        Assert.NotSame(first, _views.Current);
    }

    [Fact]
    public async Task A_round_that_ends_while_an_answer_is_made_is_not_hidden_by_it()
    {
        _ = _views.Current;
        _time.Advance(Second);
        _ = _views.Current;
        _states.Publish(States.WithGrafanas(_ => true, ("a/grafana", "grafana")));
        ApiView ofRound = _views.Current!;
        await _views.Renewal;
        Assert.Same(ofRound, _views.Current);
    }

    [Fact]
    public async Task What_was_asked_for_is_made_before_it_is_asked_for_again()
    {
        _states.Publish(States.WithGrafanas(_ => true, Enumerable.Range(0, 100).Select(i => ($"a/grafana-{i}", $"g{i}"))));
        _views.Current!.Toolsets(null, null);
        _time.Advance(Second);
        _ = _views.Current;
        await _views.Renewal;
        ApiView next = _views.Current!;
        Assert.InRange(AllocatedBy(() => next.Toolsets(null, null)), 0, 1_000);
        Assert.InRange(AllocatedBy(() => next.Services(null, null)), 10_000, long.MaxValue);
    }

    [Fact]
    public async Task What_nobody_asks_for_any_more_is_not_made()
    {
        _states.Publish(States.WithGrafanas(_ => true, Enumerable.Range(0, 100).Select(i => ($"a/grafana-{i}", $"g{i}"))));
        _views.Current!.Toolsets(null, null);
        for (int i = 0; i < 2; i++)
        {
            _time.Advance(Second);
            _ = _views.Current;
            await _views.Renewal;
        }

        ApiView next = _views.Current!;
        Assert.InRange(AllocatedBy(() => next.Toolsets(null, null)), 10_000, long.MaxValue);
    }

    private static long AllocatedBy(Action ask)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        ask();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
