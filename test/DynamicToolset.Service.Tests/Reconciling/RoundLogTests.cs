using System.Collections.Immutable;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Reconciling;
using DynamicToolset.Service.Tests.Samples;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Tests.Reconciling;

public sealed class RoundLogTests
{
    private readonly RecordingLogger _lines = new();
    private readonly RoundLog _log;

    public RoundLogTests() => _log = new RoundLog(_lines, "c", "1.0.0");

    [Fact]
    public void A_deletion_is_told_once_however_long_it_lasts_and_each_one_is()
    {
        ControllerState there = States.Empty, gone = States.Empty with { WasThere = true };
        Report([gone, gone, there, gone]);
        Assert.Equal(["ConfigMap not found", "ConfigMap not found"], _lines.Texts);
    }

    [Fact]
    public void A_refusal_is_told_when_it_begins_and_when_it_comes_again()
    {
        ControllerState immutable = States.Empty with { Refusal = new ConfigMapPlan.Refuse(RefuseReason.Immutable, "x") };
        Report([immutable, immutable with { Refusal = immutable.Refusal with { Detail = "y" } }, States.Empty, immutable]);
        Assert.Equal(["ConfigMap cannot be written", "ConfigMap cannot be written"], _lines.Texts);
    }

    [Fact]
    public void A_missing_owner_is_told_when_it_changes_and_not_for_an_answer_that_did_not_come()
    {
        ControllerState unknown = States.Empty with { Owner = new OwnerState.Unknown() };
        ControllerState missing = States.Empty with { Owner = new OwnerState.Missing(), OwnerWarning = new OwnerWarning(OwnerProblem.NoDeployment, "x") };
        Report([unknown, missing, missing, unknown, missing, States.Empty with { Owner = new OwnerState.Found("u") }]);
        Assert.Equal(["Owner reference of the ConfigMap is wrong or unknown", "Owner reference of the ConfigMap is right again"], _lines.Texts);
    }

    [Fact]
    public void What_is_left_out_is_told_when_it_changes()
    {
        ImmutableArray<string> some = [.. Enumerable.Range(0, 30).Select(i => $"t{i}")];
        foreach (ImmutableArray<string> names in (ImmutableArray<string>[])[[], some, [.. some.Reverse()], [.. some, "t30"], [], []])
            Report([States.WithLeftOut(names)]);
        Assert.Equal(["No room for all toolsets, leaving some out", "No room for all toolsets, leaving some out", "All toolsets fit again"], _lines.Texts);
        Assert.Equal([30, 31], _lines.Fields.Select(f => f.GetValueOrDefault("count")).OfType<int>());
    }

    [Fact]
    public void A_crowd_of_problems_fills_no_log()
    {
        ControllerState crowd = States.WithGrafanas(_ => true, Enumerable.Range(0, 50).Select(i => ($"n/{i}", "NOT A NAME")));
        Report([crowd, crowd]);
        Assert.Equal(20, _lines.Texts.Count(t => t == "Malformed annotation, skipping"));
        Assert.Equal(30, Assert.Single(_lines.Fields, f => f.GetValueOrDefault("problem") is "MalformedAnnotation")["count"]);
    }

    private void Report(ControllerState[] states)
    {
        foreach (ControllerState state in states)
            _log.Report(state, Problems.Of(state));
    }

    private sealed class RecordingLogger : ILogger
    {
        public List<string> Texts { get; } = [];

        public List<Dictionary<string, object?>> Fields { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add(formatter(state, exception), state as IEnumerable<KeyValuePair<string, object?>> ?? []);

        private void Add(string text, IEnumerable<KeyValuePair<string, object?>> fields)
        {
            Texts.Add(text);
            Fields.Add(fields.ToDictionary());
        }
    }
}
