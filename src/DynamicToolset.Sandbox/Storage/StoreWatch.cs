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

    public IAsyncEnumerable<StoreEvent> ReadAllAsync(CancellationToken stop) => _events.Reader.ReadAllAsync(stop);

    public void Dispose() => onDispose(this);

    internal void Offer(StoreEvent change)
    {
        if (change.Version > from || change.Type is StoreEventType.Bookmark or StoreEventType.InitialEventsEnd)
        {
            _events.Writer.TryWrite(change);
        }
    }

    /// <summary>An object that was there before the watch began, told as an addition.</summary>
    internal void OfferInitial(StoredObject present) => _events.Writer.TryWrite(new StoreEvent(StoreEventType.Added, present.Version, present));

    internal void End(bool abort)
    {
        IsAborted = abort;
        _events.Writer.TryComplete();
    }
}
