using DynamicToolset.Reconciliation;
using DynamicToolset.Service.Hosting;
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
        Assert.Equal(["ConfigMap does not belong to the Deployment", "ConfigMap belongs to the Deployment"], _lines.Texts);
    }

    private sealed class RecordingLogger : ILogger
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Texts.Add(formatter(state, exception));
    }
}
