using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.Loops;

namespace DynamicToolset.Service.Watching;

/// <summary>
/// Asks for the Deployment that the ConfigMap should belong to: at the start, in intervals, and when it is in doubt. Beside everything else, so
/// that an answer that does not come delays no repair; for the same reason it has no part in liveness, each of its requests being bounded by
/// the client.
/// </summary>
/// <param name="deployment">In the namespace of the ConfigMap: an owner in another one would make garbage of it.</param>
/// <param name="initial">Unless it is <see cref="OwnerState.Unknown"/> it stays so, and nothing is asked.</param>
/// <param name="interval">Between two questions.</param>
/// <param name="answered">Called after each answer. Must return at once.</param>
public sealed class OwnerSource(
    IKubeApi api, ObjectKey deployment, OwnerState initial, TimeSpan interval, Action answered, TimeProvider time, Random random)
{
    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), random);
    private readonly CoalescingTrigger _wanted = new(time);
    private readonly bool _isAsked = initial is OwnerState.Unknown;
    private readonly Lock _gate = new();
    private OwnerState _current = initial;
    private int _doubts;

    public OwnerState Current => Volatile.Read(ref _current);

    /// <summary>Takes nothing for known before a question that is yet to be asked is answered.</summary>
    public void Doubt()
    {
        if (!_isAsked)
            return;
        lock (_gate)
        {
            _doubts++;
            _current = new OwnerState.Unknown();
        }

        _wanted.Signal();
    }

    /// <summary>Asks now and not when the interval is over; what is known stands until the answer.</summary>
    public void AskAgain() => _wanted.Signal();

    /// <summary>Runs until stopped. Every <see cref="KubeApiException"/> is outlived; any other exception is a bug and ends it.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            if (!_isAsked)
                await Task.Delay(Timeout.InfiniteTimeSpan, time, stop);
            while (true)
                await _wanted.WaitAsync(await LookAsync(stop), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    /// <returns>How long to wait before the next question.</returns>
    private async Task<TimeSpan> LookAsync(CancellationToken stop)
    {
        int doubts = Volatile.Read(ref _doubts);
        (OwnerState known, TimeSpan wait) = await AskAsync(stop);
        lock (_gate)
        {
            // The answer to a question from before the doubt may be out of date.
            if (doubts == _doubts)
                _current = known;
        }

        answered();
        return wait;
    }

    private async Task<(OwnerState Known, TimeSpan Wait)> AskAsync(CancellationToken stop)
    {
        try
        {
            OwnerState known = await ReadAsync(api, deployment, stop);
            _backoff.Reset();
            return (known, interval);
        }
        catch (KubeApiException e)
        {
            return (new OwnerState.Unknown(), _backoff.After(e));
        }
    }

    /// <exception cref="KubeApiException">The API server did not say; that it may not is an answer.</exception>
    internal static async Task<OwnerState> ReadAsync(IKubeApi api, ObjectKey deployment, CancellationToken stop)
    {
        try
        {
            return await api.GetDeploymentAsync(deployment, stop) switch
            {
                null => new OwnerState.Missing(),
                { IsBeingDeleted: true } => new OwnerState.BeingDeleted(),
                { Uid: var uid } => new OwnerState.Found(uid),
            };
        }
        catch (KubeApiException e) when (e.IsForbidden)
        {
            return new OwnerState.Forbidden(e.Message, e.MissingRight);
        }
    }
}
