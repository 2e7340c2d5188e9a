using System.Threading.Channels;
using DynamicToolset.Journal;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Options;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Journal;

/// <summary>
/// Records rounds beside the loop that decides them. It holds nobody up and ends nothing: where the disk is slower than the rounds some are left out, where
/// it fails all are for a while, and either is told.
/// </summary>
public sealed partial class RoundJournal : IAsyncDisposable
{
    /// <summary>So many rounds wait for the disk. Each keeps what has changed since the one before it in memory.</summary>
    private const int Waiting = 8;

    /// <summary>After a failure nothing is tried for so long.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>A disk that hangs must not keep the program from ending.</summary>
    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(1);

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

    internal RoundJournal(JournalFiles files, TimeProvider time, ILogger logger)
    {
        (_files, _time, _logger) = (files, time, logger);
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Null where nothing is recorded.</summary>
    /// <param name="settings">With the way that checks take.</param>
    /// <param name="holdsMassRemoval">See <see cref="RoundOptions.HoldsMassRemoval"/>.</param>
    /// <exception cref="InputException">Nothing can be written to the folder.</exception>
    public static RoundJournal? Open(Settings settings, bool holdsMassRemoval, TimeProvider time, ILogger logger)
    {
        string folder = settings.JournalDir;
        if (folder.Length == 0)
            return null;
        if (!Directory.Exists(folder))
            throw new InputException($"JOURNAL_DIR: there is no directory \"{folder}\"; make it, or leave the setting out");
        if (new DirectoryInfo(folder).LinkTarget is not null)
            throw new InputException($"JOURNAL_DIR: \"{folder}\" is a link, and somebody could have it lead elsewhere; name the directory itself");
        var files = new JournalFiles(folder, JournalHeader.Write(settings, holdsMassRemoval), time);
        try
        {
            files.Begin();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            files.Dispose();
            throw new InputException($"JOURNAL_DIR: nothing can be written in \"{folder}\": {e.Message.TrimEnd('.')}; mount a volume there that may be written to, or leave the setting out");
        }

        var journal = new RoundJournal(files, time, logger);
        journal.LogBegun(folder);
        return journal;
    }

    /// <summary>Safe for one caller; returns at once.</summary>
    public void Note(JournalRound round) => _queue.Writer.TryWrite(round);

    /// <summary>What waits is written, unless that takes too long.</summary>
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

    /// <summary>In the caller's time. Not beside <see cref="Note"/>.</summary>
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
#pragma warning disable CA1031 // Whatever is wrong with a record, the service goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _writer.BeginAnew();
            _files.GiveUp();
            if (!_isFailing)
                LogFailed(e.Message);
            (_isFailing, _failedAt) = (true, _time.GetTimestamp());
        }
    }

    /// <summary>After a round was written: a disk that stays slow is told of once.</summary>
    private void Told(int missed)
    {
        if (_isFailing)
            LogAgain(missed);
        else if (missed > 0 && !_isMissing)
            LogMissed(missed);
        (_isFailing, _isMissing) = (false, missed > 0);
    }
}
