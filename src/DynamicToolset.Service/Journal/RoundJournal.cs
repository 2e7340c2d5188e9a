using System.Threading.Channels;
using DynamicToolset.Journal;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Options;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Journal;

/// <summary>
/// Records rounds next to the loop that decides them. It never delays or ends that: if the disk is slower than the rounds some are left out, if it fails all
/// are for a while, and both are logged.
/// </summary>
public sealed partial class RoundJournal : IAsyncDisposable
{
    /// <summary>This many rounds wait for the disk. Each keeps in memory what changed since the one before it.</summary>
    private const int Waiting = 8;

    /// <summary>Nothing is tried for so long after a failure.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>A disk that hangs must not keep the program from stopping.</summary>
    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(1);

    /// <summary>ENOSPC and EDQUOT of Linux: what fills up by itself must not keep a service from starting.</summary>
    private const int NoSpace = 28, OverQuota = 122;

    private readonly Channel<JournalRound> _queue = Channel.CreateBounded<JournalRound>(Waiting);
    private readonly JournalWriter _writer = new();
    private readonly JournalFiles _files;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _writing;
    private long _last;
    private long _failedAt;
    private bool _isFailing;
    private bool _isMissing;

    /// <param name="failure">Why the first file could not be begun; null if it could, or was not tried.</param>
    internal RoundJournal(JournalFiles files, TimeProvider time, ILogger logger, string? failure = null)
    {
        (_files, _time, _logger) = (files, time, logger);
        if (failure is not null)
            Fail(failure);
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Null if nothing is recorded. On a full disk it is begun later.</summary>
    /// <param name="settings">With the mode of the health checks that is used.</param>
    /// <param name="holdsMassRemoval">See <see cref="RoundOptions.HoldsMassRemoval"/>.</param>
    /// <exception cref="InputException">JOURNAL_DIR cannot be used.</exception>
    public static RoundJournal? Open(Settings settings, bool holdsMassRemoval, TimeProvider time, ILogger logger)
    {
        string folder = settings.JournalDir;
        if (folder.Length == 0)
            return null;
        if (!Directory.Exists(folder))
            throw new InputException($"JOURNAL_DIR: there is no directory \"{folder}\": create it, or remove the setting");
        if (new DirectoryInfo(folder).LinkTarget is not null)
            throw new InputException($"JOURNAL_DIR: \"{folder}\" is a symbolic link, which somebody could change: write the path of the directory itself");
        return Open(new JournalFiles(folder, JournalHeader.Write(settings, holdsMassRemoval), time), folder, time, logger);
    }

    internal static RoundJournal Open(JournalFiles files, string folder, TimeProvider time, ILogger logger)
    {
        try
        {
            files.Begin();
        }
        catch (IOException e) when (e.HResult is NoSpace or OverQuota)
        {
            return new RoundJournal(files, time, logger, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            files.Dispose();
            throw new InputException(
                $"JOURNAL_DIR: cannot create a file in \"{folder}\": {e.Message.TrimEnd('.')}: mount a writable volume there, or remove the setting");
        }

        var journal = new RoundJournal(files, time, logger);
        journal.LogBegun(folder);
        return journal;
    }

    /// <summary>Safe for one caller; returns at once.</summary>
    public void Note(JournalRound round) => _queue.Writer.TryWrite(round);

    /// <summary>Writes what waits, unless that takes too long.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.Complete();
        await _writing.WaitAsync(LastWrites, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_writing.IsCompleted)
            _files.Dispose();
    }

    private async Task WriteAllAsync()
    {
        await foreach (JournalRound round in _queue.Reader.ReadAllAsync())
            Write(round);
    }

    /// <summary>Takes the caller's time. Not together with <see cref="Note"/>.</summary>
    internal void Write(JournalRound round)
    {
        if (_isFailing && _time.GetElapsedTime(_failedAt) < Pause)
            return;
        try
        {
            long missed = round.Number - _last - 1;
            bool canBegin = JournalWriter.CanBeginWith(round);
            if (missed > 0 || (_files.IsFull && canBegin))
                _writer.BeginAnew();
            if (!_writer.HasBegun && !canBegin)
                return;
            if (!_writer.HasBegun && _files.IsFull)
                _files.Begin();
            _writer.Write(round, missed, line => _files.Append(line.Span));
            Told((int)long.Min(missed, int.MaxValue));
            _last = round.Number;
        }
#pragma warning disable CA1031 // Whatever goes wrong with a record, the service goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e.Message);
        }
    }

    private void Fail(string error)
    {
        _writer.BeginAnew();
        _files.GiveUp();
        if (!_isFailing)
            LogFailed(error);
        (_isFailing, _failedAt) = (true, _time.GetTimestamp());
    }

    /// <summary>After a round was written: a disk that stays slow is logged once.</summary>
    private void Told(int missed)
    {
        if (_isFailing)
            LogAgain(missed);
        else if (missed > 0 && !_isMissing)
            LogMissed(missed);
        (_isFailing, _isMissing) = (false, missed > 0);
    }
}
