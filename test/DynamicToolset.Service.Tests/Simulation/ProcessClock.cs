namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>The clocks of one process: a monotonic one that may run a little too fast or too slow, and one on the wall that somebody may set.</summary>
internal sealed class ProcessClock(Agenda agenda, SimulatedProcess process) : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TimeSpan _origin = agenda.Now;

    /// <summary>Seconds of this clock in a true second. To be set before the first look.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>By how much the clock on the wall is wrong.</summary>
    public TimeSpan WallError { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    private TimeSpan Elapsed => (agenda.Now - _origin) * Rate;

    public override long GetTimestamp() => (_origin + Elapsed).Ticks;

    public override DateTimeOffset GetUtcNow() => Epoch + _origin + Elapsed + WallError;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(ProcessClock clock, TimerCallback callback, object? state) : ITimer
    {
        private Agenda.Item? _next;
        private bool _isDisposed;

        private Agenda Agenda => clock.Agenda;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _next?.Cancel();
            _next = null;
            if (_isDisposed)
                return false;
            if (dueTime != Timeout.InfiniteTimeSpan)
                _next = Agenda.In(clock.True(dueTime), () => Ring(period));
            return true;
        }

        public void Dispose()
        {
            _isDisposed = true;
            _next?.Cancel();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Ring(TimeSpan period)
        {
            if (period > TimeSpan.Zero)
                _next = Agenda.In(clock.True(period), () => Ring(period));
            clock.Process.Do(() =>
            {
                if (!_isDisposed)
                    callback(state);
            });
        }
    }

    private Agenda Agenda => agenda;

    private SimulatedProcess Process => process;

    /// <summary>Rounded up, so that it has passed by this clock when it is over.</summary>
    private TimeSpan True(TimeSpan own) => own <= TimeSpan.Zero ? TimeSpan.Zero : new TimeSpan((long)Math.Ceiling(own.Ticks / Rate) + 1);
}
