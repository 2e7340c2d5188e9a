using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Kubernetes.Tests.Informers;

/// <summary>One watch, as the test lets it go.</summary>
internal sealed class ScriptedWatch<T>(string from, TimeSpan timeout, Func<T, string> version)
    where T : class
{
    private readonly Channel<WatchEvent<T>> _events = Channel.CreateUnbounded<WatchEvent<T>>();
    private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Version => from;

    public TimeSpan Timeout => timeout;

    public void Send(WatchEventKind kind, T item) => Send(new(kind, item, version(item)));

    public void Bookmark(string at) => Send(new(WatchEventKind.Bookmark, null, at));

    public void End()
    {
        _events.Writer.Complete();
        _opened.TrySetResult();
    }

    /// <summary>Breaks a watch that was accepted.</summary>
    public void Fail(Exception error)
    {
        _events.Writer.Complete(error);
        _opened.TrySetResult();
    }

    public void Refuse(Exception error) => _opened.SetException(error);

    /// <summary>Ends when the informer is done with all events sent so far and asks for the next.</summary>
    public Task TakenAsync() => _taken.Task;

    public async IAsyncEnumerable<WatchEvent<T>> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        await _opened.Task.WaitAsync(stop);
        yield return new(WatchEventKind.Opened, null, from);
        while (await _events.Reader.WaitToReadAsync(stop))
        {
            while (_events.Reader.TryRead(out WatchEvent<T> next))
                yield return next;
            _taken.TrySetResult();
        }
    }

    private void Send(WatchEvent<T> next)
    {
        _events.Writer.TryWrite(next);
        _opened.TrySetResult();
    }
}
