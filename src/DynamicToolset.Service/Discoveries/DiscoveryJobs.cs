using System.Globalization;
using System.Threading.Channels;
using DynamicToolset.Rounds;

namespace DynamicToolset.Service.Discoveries;

/// <summary>
/// The discoveries that were asked for: at most one runs, and whoever asks meanwhile joins it; of those that ended the last hundred are kept, for
/// an hour. Safe for several callers at once.
/// </summary>
/// <param name="replica">This pod or host: its jobs are called after it.</param>
/// <param name="longestCheck">How long the checks of all endpoints may take, unless more is known.</param>
/// <param name="random">For these jobs alone.</param>
public sealed class DiscoveryJobs(string replica, TimeSpan longestCheck, TimeProvider time, Random random)
{
    private const int MostKept = 100;
    private static readonly TimeSpan LongestKept = TimeSpan.FromHours(1);
    private static readonly TimeSpan UsualRound = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Channel<bool> _begun = Channel.CreateUnbounded<bool>();
    private readonly LinkedList<(DiscoveryJob Job, long EndedAt)> _ended = new();
    private readonly DiscoveryDurations _plain = new(UsualRound), _forced = new(UsualRound + longestCheck);
    private RunningDiscovery? _running;
    private bool _isClosed;
    private long _count;

    public string Replica => replica;

    /// <summary>What runs; null where nothing does.</summary>
    public DiscoveryJob? Running
    {
        get
        {
            lock (_gate)
                return _running?.Job;
        }
    }

    /// <summary>Begins a discovery, or joins the one that runs: that one then does and tells what either asked for.</summary>
    /// <param name="present">What was known when it was asked for.</param>
    /// <returns>Null where this replica stops.</returns>
    public DiscoveryAcceptance? Request(bool force, DiscoveryScope scope, ControllerState present, string correlationId)
    {
        lock (_gate)
        {
            if (_isClosed)
                return null;
            return _running is { } running ? Join(running, force, scope) : Begin(force, scope, present, correlationId);
        }
    }

    /// <summary>Null where there is none of this id, or none any more.</summary>
    public DiscoveryJob? Find(string id)
    {
        lock (_gate)
        {
            ForgetOld();
            return _running?.Job is { } job && job.Id == id ? job : _ended.FirstOrDefault(e => e.Job.Id == id).Job;
        }
    }

    /// <summary>The next that begins. One caller.</summary>
    internal async Task<DiscoveryJob> NextAsync(CancellationToken stop)
    {
        await _begun.Reader.ReadAsync(stop);
        return Running!;
    }

    /// <summary>Ends the one that runs, unless more was asked of it meanwhile.</summary>
    /// <param name="wasForced">What it did.</param>
    /// <returns>As it ended; null where it goes on.</returns>
    internal DiscoveryJob? Succeed(bool wasForced, ControllerState found)
    {
        lock (_gate)
        {
            RunningDiscovery running = _running!;
            if (running.Job.Force && !wasForced)
                return null;
            DurationsOf(wasForced).Took(time.GetElapsedTime(running.BegunAt));
            return End(running.Job with { Findings = DiscoveryFindings.Of(running.Before, found, running.Job.Scope) });
        }
    }

    internal DiscoveryJob Fail(DiscoveryFailure failure)
    {
        lock (_gate)
            return End(_running!.Job with { Failure = failure });
    }

    /// <summary>From now on none begins.</summary>
    /// <returns>The one that ran, which has failed by this; null where none did.</returns>
    internal DiscoveryJob? Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            return _running is null ? null : End(_running.Job with { Failure = DiscoveryFailure.Stopping });
        }
    }

    private DiscoveryAcceptance Begin(bool force, DiscoveryScope scope, ControllerState present, string correlationId)
    {
        DateTimeOffset now = time.GetUtcNow();
        string id = string.Create(CultureInfo.InvariantCulture, $"{replica}.{++_count}-{random.NextInt64():x16}");
        DateTimeOffset estimated = now + DurationsOf(force).Estimate;
        var job = new DiscoveryJob(id, now, correlationId) { Force = force, Scope = scope, EstimatedCompletion = estimated };
        _running = new RunningDiscovery(job, present, time.GetTimestamp());
        _begun.Writer.TryWrite(true);
        return new DiscoveryAcceptance(job, HasJoined: false, IsForcedNow: false, IsWidened: false);
    }

    private DiscoveryAcceptance Join(RunningDiscovery running, bool force, DiscoveryScope scope)
    {
        DiscoveryJob before = running.Job;
        DiscoveryScope both = before.Scope.Or(scope);
        bool isForcedNow = force && !before.Force;
        DateTimeOffset estimated = isForcedNow ? time.GetUtcNow() + _forced.Estimate : before.EstimatedCompletion;
        DiscoveryJob job = before with
        {
            Force = before.Force || force,
            Scope = both,
            Requests = before.Requests + 1,
            // What takes longer than the last ones did may end at any moment.
            EstimatedCompletion = estimated < time.GetUtcNow() ? time.GetUtcNow() : estimated,
        };
        _running = running with { Job = job };
        return new DiscoveryAcceptance(job, HasJoined: true, isForcedNow, IsWidened: both != before.Scope);
    }

    private DiscoveryJob End(DiscoveryJob job)
    {
        DateTimeOffset now = time.GetUtcNow();
        job = job with { CompletedAt = now, EstimatedCompletion = now };
        _running = null;
        _ended.AddLast((job, time.GetTimestamp()));
        ForgetOld();
        return job;
    }

    private void ForgetOld()
    {
        while (_ended.First is { } oldest && (_ended.Count > MostKept || time.GetElapsedTime(oldest.Value.EndedAt) > LongestKept))
            _ended.RemoveFirst();
    }

    private DiscoveryDurations DurationsOf(bool force) => force ? _forced : _plain;

    /// <param name="Before">What was known when it was asked for.</param>
    private sealed record RunningDiscovery(DiscoveryJob Job, ControllerState Before, long BegunAt);
}

/// <summary>What became of a request.</summary>
/// <param name="HasJoined">Another request had begun it.</param>
/// <param name="IsForcedNow">This one has it list and check everything, which it did not before.</param>
/// <param name="IsWidened">For this one it tells more than was asked for before.</param>
public sealed record DiscoveryAcceptance(DiscoveryJob Job, bool HasJoined, bool IsForcedNow, bool IsWidened);
