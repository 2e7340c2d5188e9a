using System.Threading.Channels;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Sandbox.Storage;

/// <summary>The events of one resource from a version on, in order and without gaps. The store ends it; the reader disposes of it.</summary>
internal sealed class StoreWatch(KubeResource resource, long from, Action<StoreWatch> onDispose) : IDisposable
{
    private readonly Channel<StoreEvent> _events = Channel.CreateUnbounded<StoreEvent>(new UnboundedChannelOptions { SingleReader = true });

    public KubeResource Resource => resource;

    /// <summary>The store wants the connection to break off instead of ending in order.</summary>
    public bool IsAborted { get; private set; }

    /// <summary>The next event, or null where the store has ended the watch. It goes on where it was awaited: where all is to happen in one
    /// thread, nothing may happen on another, as it would by <see cref="ChannelReader{T}.ReadAllAsync"/>.</summary>
    public async ValueTask<StoreEvent?> ReadAsync(CancellationToken stop)
    {
        while (true)
        {
            if (_events.Reader.TryRead(out StoreEvent? next))
                return next;
            if (!await _events.Reader.WaitToReadAsync(stop))
                return null;
        }
    }

    public void Dispose() => onDispose(this);

    internal void Offer(StoreEvent change)
    {
        if (change.Version > from || change.Type is StoreEventType.Bookmark or StoreEventType.InitialEventsEnd)
            _events.Writer.TryWrite(change);
    }

    /// <summary>An object that was there before the watch began, told as an addition.</summary>
    internal void OfferInitial(StoredObject present) => _events.Writer.TryWrite(new StoreEvent(StoreEventType.Added, present.Version, present));

    internal void End(bool abort)
    {
        IsAborted = abort;
        _events.Writer.TryComplete();
    }
}
