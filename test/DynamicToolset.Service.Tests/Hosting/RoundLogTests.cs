using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.State;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class RoundLogTests
{
    private static readonly ConfigMapWrite Recreation =
        new(DateTimeOffset.UnixEpoch, [], [], [], IsCreation: true, IsRecreation: true, TimeSpan.Zero);

    private readonly RecordingLogger _lines = new();
    private readonly RoundLog _log;

    public RoundLogTests() => _log = new RoundLog(_lines, "1.0.0");

    [Fact]
    public void Every_deletion_is_told_even_where_no_round_fell_between_two_of_them()
    {
        for (int i = 0; i < 2; i++)
        {
            _log.Seen("c", isThere: false);
            _log.Written("c", Recreation);
        }

        Assert.Equal(["ConfigMap not found", "ConfigMap recreated", "ConfigMap not found", "ConfigMap recreated"], _lines.Texts);
    }

    [Fact]
    public void A_deletion_that_cannot_be_undone_is_told_once()
    {
        for (int i = 0; i < 3; i++)
            _log.Seen("c", isThere: false);
        Assert.Equal(["ConfigMap not found"], _lines.Texts);
    }

    [Fact]
    public void A_refusal_is_told_when_it_begins_and_when_it_comes_again()
    {
        var immutable = new ConfigMapPlan.Refuse(RefuseReason.Immutable, "x");
        foreach (ConfigMapPlan.Refuse? refusal in (ConfigMapPlan.Refuse?[])[immutable, immutable, immutable, null, immutable])
            _log.Planned(refusal);
        Assert.Equal(["ConfigMap cannot be written", "ConfigMap cannot be written"], _lines.Texts);
    }

    [Fact]
    public void A_missing_owner_is_told_when_it_changes_and_not_for_an_answer_that_did_not_come()
    {
        var missing = new OwnerState.Missing();
        var warning = new OwnerWarning(OwnerProblem.NoDeployment, "x");
        var unknown = new OwnerState.Unknown();
        _log.Owned(unknown, null);
        _log.Owned(missing, warning);
        _log.Owned(missing, warning);
        _log.Owned(unknown, null);
        _log.Owned(missing, warning);
        _log.Owned(new OwnerState.Found("u"), null);
        Assert.Equal(["Owner of the ConfigMap is not as it should be, or not known", "Owner of the ConfigMap is as it should be"], _lines.Texts);
    }

    [Fact]
    public void What_is_left_out_is_told_when_it_changes_and_with_no_more_than_twenty_names()
    {
        ImmutableArray<Toolset> some = [.. Enumerable.Range(0, 30).Select(Custom)];
        _log.LeftOut([]);
        _log.LeftOut(some);
        _log.LeftOut([.. some.Reverse()]);
        _log.LeftOut([.. some.Append(Custom(30))]);
        _log.LeftOut([]);
        _log.LeftOut([]);
        Assert.Equal(["No room for all toolsets, leaving some out", "No room for all toolsets, leaving some out", "There is room for all toolsets again"], _lines.Texts);
        Assert.Equal([30, 31], _lines.Fields.Select(f => f.GetValueOrDefault("count")).OfType<int>());
        Assert.All(_lines.Fields.Select(f => f.GetValueOrDefault("toolsets")).OfType<string[]>(), names => Assert.Equal(20, names.Length));
    }

    private static Toolset Custom(int number) =>
        new($"t{number}", "custom", ToolsetValue.Map.Empty, new ToolsetSource.Service(new ObjectKey("n", $"s{number}")));

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
