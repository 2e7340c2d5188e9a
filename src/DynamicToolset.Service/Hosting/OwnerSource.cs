using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.Loops;

namespace DynamicToolset.Service.Hosting;

/// <summary>
/// Asks for the Deployment that the ConfigMap should belong to: at the start, in intervals, and whenever somebody wants to know. Beside
/// everything else, so that an answer that does not come delays no repair; for the same reason it has no part in liveness, each of its
/// requests being bounded by the client.
/// </summary>
public sealed class OwnerSource
{
    private readonly IKubeApi _api;
    private readonly ObjectKey _deployment;
    private readonly bool _isAsked;
    private readonly TimeSpan _interval;
    private readonly Action _answered;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly CoalescingTrigger _wanted;
    private OwnerState _known;
    private TaskCompletionSource<OwnerState> _next = NewAnswer();

    // These belong to whoever reads Current.
    private Task<OwnerState>? _doubt;
    private (OwnerState Of, OwnerState.Refused Refusal, Pause Pause)? _refused;

    /// <param name="deployment">In the namespace of the ConfigMap: an owner in another one would make garbage of it.</param>
    /// <param name="initial">Unless it is <see cref="OwnerState.Unknown"/> it stays so, and nothing is asked.</param>
    /// <param name="interval">Between two questions; also how long a reference that was refused is not tried again.</param>
    /// <param name="answered">Called after each answer. Must return at once.</param>
    public OwnerSource(
        IKubeApi api, ObjectKey deployment, OwnerState initial, TimeSpan interval, Action answered, TimeProvider time, Random random)
    {
        _api = api;
        _deployment = deployment;
        _known = initial;
        _isAsked = initial is OwnerState.Unknown;
        _interval = interval;
        _answered = answered;
        _time = time;
        _backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), random);
        _wanted = new CoalescingTrigger(time);
    }

    /// <summary>What is known now. For one reader, the same that calls the other methods.</summary>
    public DesiredOwner Current => Describe(_doubt is { IsCompleted: false } ? new OwnerState.Unknown() : Volatile.Read(ref _known));

    /// <summary>
    /// For a ConfigMap that is not there. Asks anew, and takes nothing for known before the answer. Where none comes in time it is "unknown",
    /// and <see cref="Current"/> has the answer when it is there. What was refused is forgotten: owners that may not be changed may be given
    /// to a new one.
    /// </summary>
    public async Task<DesiredOwner> AskAsync(TimeSpan atMost, CancellationToken stop)
    {
        _refused = null;
        if (!_isAsked)
            return Current;
        _doubt = Volatile.Read(ref _next).Task;
        _wanted.Signal();
        try
        {
            return Describe(await _doubt.WaitAsync(atMost, _time, stop));
        }
        catch (TimeoutException)
        {
            return Current;
        }
    }

    /// <summary>To be told when the API server does not take the owners that were chosen on account of what was known then.</summary>
    public void Refused(OwnerState known, string error)
    {
        _refused = (known, new OwnerState.Refused(error), new Pause(_interval, _time));
        _wanted.Signal();
    }

    /// <summary>Runs until stopped. Every <see cref="KubeApiException"/> is outlived; any other exception is a bug and ends it.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            if (!_isAsked)
                await Task.Delay(Timeout.InfiniteTimeSpan, _time, stop);
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
        // Whoever asks from here on waits for the question after this one: this one may be answered already.
        TaskCompletionSource<OwnerState> answer = Interlocked.Exchange(ref _next, NewAnswer());
        (OwnerState known, TimeSpan wait) = await AskApiAsync(stop);
        Volatile.Write(ref _known, known);
        answer.SetResult(known);
        _answered();
        return wait;
    }

    private async Task<(OwnerState Known, TimeSpan Wait)> AskApiAsync(CancellationToken stop)
    {
        try
        {
            OwnerState known = await ReadAsync(_api, _deployment, stop);
            _backoff.Reset();
            return (known, _interval);
        }
        catch (KubeApiException e)
        {
            return (new OwnerState.Unknown(), _backoff.Next(e.RetryAfter));
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
            return new OwnerState.Forbidden(e.Message);
        }
    }

    private DesiredOwner Describe(OwnerState known)
    {
        bool isRefused = _refused is { } refused && refused.Of == known && refused.Pause.Remaining > TimeSpan.Zero;
        return new DesiredOwner(_deployment.Name, isRefused ? _refused!.Value.Refusal : known);
    }

    private static TaskCompletionSource<OwnerState> NewAnswer() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
