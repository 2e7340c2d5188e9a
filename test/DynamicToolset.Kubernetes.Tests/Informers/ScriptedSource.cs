using System.Threading.Channels;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Informers;

/// <summary>Answers the informer's requests one by one, as the test tells.</summary>
internal sealed class ScriptedSource<T>(Func<T, ObjectKey> key, Func<T, string> version)
    where T : class
{
    private readonly Channel<TaskCompletionSource<KubeList<T>>> _lists = Channel.CreateUnbounded<TaskCompletionSource<KubeList<T>>>();
    private readonly Channel<ScriptedWatch<T>> _watches = Channel.CreateUnbounded<ScriptedWatch<T>>();

    public InformerSource<T> Source => new(List, WatchAsync, key, version);

    public int Lists { get; private set; }

    public async Task ListedAsync(string at, params T[] items) =>
        (await NextListAsync()).SetResult(new KubeList<T>([.. items], at));

    public async Task ListFailedAsync(Exception error) => (await NextListAsync()).SetException(error);

    public async Task<ScriptedWatch<T>> WatchedAsync() => await _watches.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WithPatienceAsync();

    /// <summary>A list that was asked for and is not answered yet.</summary>
    public async Task<TaskCompletionSource<KubeList<T>>> NextListAsync()
    {
        TaskCompletionSource<KubeList<T>> list = await _lists.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WithPatienceAsync();
        Lists++;
        return list;
    }

    private async Task<KubeList<T>> List(CancellationToken stop)
    {
        var list = new TaskCompletionSource<KubeList<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _lists.Writer.TryWrite(list);
        return await list.Task.WaitAsync(stop);
    }

    private IAsyncEnumerable<WatchEvent<T>> WatchAsync(string from, TimeSpan timeout, CancellationToken stop)
    {
        var watch = new ScriptedWatch<T>(from, timeout, version);
        _watches.Writer.TryWrite(watch);
        return watch.ReadAsync(stop);
    }
}
