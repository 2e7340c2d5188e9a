using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Kubernetes.Tests.Informers;

public sealed class InformerLogTests : ILogger
{
    private const string Failed = "Failed to list services";
    private const string Again = "Listing works again";

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _lines = [];
    private readonly InformerLog _log;

    public InformerLogTests() => _log = InformerLog.OfServices(this, _time);

    [Fact]
    public void An_outage_is_told_when_it_begins_once_a_minute_and_when_it_ends()
    {
        Action<InformerReport> report = _log.Reporter();
        for (TimeSpan passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(10); passed += Wait)
        {
            report(Refused(Refusals.Unreachable()));
            _time.Advance(Wait);
        }

        Assert.Equal(Enumerable.Repeat(Failed, 10), _lines);
        report(new InformerReport.WatchOpened());
        report(new InformerReport.WatchEnded(TimeSpan.Zero));
        report(new InformerReport.WatchOpened());
        Assert.Equal([Again], _lines.Skip(10));
    }

    [Fact]
    public void Another_failure_is_told_at_once_and_so_is_the_same_after_a_success()
    {
        Action<InformerReport> report = _log.Reporter();
        report(Refused(Refusals.Unreachable()));
        report(Refused(Refusals.Of(503, "")));
        report(Refused(Refusals.Unreachable()));
        report(Refused(Refusals.Of(403, "Forbidden")));
        Assert.Equal([Failed, Failed, Failed], _lines);
        report(new InformerReport.WatchOpened());
        report(Refused(Refusals.Unreachable()));
        Assert.Equal([Again, Failed], _lines[^2..]);
    }

    [Fact]
    public void A_watch_that_is_refused_is_not_over_because_a_list_is_granted()
    {
        Action<InformerReport> report = _log.Reporter();
        for (int i = 0; i < 5; i++)
        {
            report(Refused(Refusals.Of(403, "Forbidden")));
            report(new InformerReport.Listed(1));
        }

        Assert.Equal([Failed], _lines);
        report(new InformerReport.WatchOpened());
        Assert.Equal([Failed, Again], _lines);
    }

    [Fact]
    public void Many_namespaces_tell_an_outage_as_one()
    {
        Action<InformerReport>[] reports = [_log.Reporter(), _log.Reporter(), _log.Reporter()];
        foreach (Action<InformerReport> report in reports)
            report(new InformerReport.ListFailed(Refusals.Unreachable(), Wait));
        Assert.Equal([Failed], _lines);
        foreach (Action<InformerReport> report in reports)
            report(new InformerReport.Listed(1));
        Assert.Equal([Failed, Again], _lines);
    }

    [Fact]
    public void What_may_pass_or_was_accepted_is_no_failure_to_list()
    {
        Action<InformerReport> report = _log.Reporter();
        report(new InformerReport.ListFailed(Refusals.Of(403, "Forbidden"), Wait, MayPass: true));
        report(new InformerReport.Listed(1));
        report(new InformerReport.WatchBroken(Refusals.Unreachable(), Wait));
        report(new InformerReport.WatchOpened());
        Assert.Equal(["Permission not granted yet", "Watch broken"], _lines);
    }

    private static InformerReport.WatchRefused Refused(KubeApiException error) => new(error, Wait);

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add(formatter(state, exception));
}
