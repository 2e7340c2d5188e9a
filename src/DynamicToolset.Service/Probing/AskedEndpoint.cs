using DynamicToolset.Identification;

namespace DynamicToolset.Service.Probing;

/// <summary>One target's bookkeeping. It waits for its time, or for a slot, or is being asked.</summary>
internal sealed class AskedEndpoint(IdentityTarget target) : IDisposable
{
    private CancellationTokenSource? _cancellation;
    private bool _wantsLook = true;

    public IdentityTarget Target { get; private set; } = target;

    public bool IsForgotten { get; private set; }

    /// <summary>True where it took all the time that it had, and told nothing.</summary>
    public bool Hangs { get; set; }

    /// <summary>Of all that it is asked this time.</summary>
    public TimeSpan Timeout { get; private set; }

    public Task<Inquiry> Inquiry { get; private set; } = Task.FromResult(new Inquiry(target));

    public Turn Turn => _wantsLook ? Turn.FirstLook : Hangs ? Turn.Hanging : Turn.Prompt;

    /// <returns>True where it waits, and is to be asked at once instead; one that is being asked is asked again after that.</returns>
    public bool Becomes(IdentityTarget target)
    {
        IdentityTarget before = Target;
        Target = target;
        if (before.IsAskedLike(target))
            return false;
        _wantsLook = true;
        _cancellation?.Cancel();
        return _cancellation is null;
    }

    public void Forget()
    {
        IsForgotten = true;
        _cancellation?.Cancel();
    }

    /// <param name="ask">Must not begin before the bookkeeping is done: it may end at once.</param>
    public void Begin(TimeSpan timeout, Func<AskedEndpoint, CancellationToken, Task<Inquiry>> ask)
    {
        _wantsLook = false;
        Timeout = timeout;
        _cancellation = new CancellationTokenSource();
        Inquiry = ask(this, _cancellation.Token);
    }

    public void End()
    {
        _cancellation?.Dispose();
        _cancellation = null;
    }

    public void Dispose() => End();
}
