using System.Collections.Immutable;
using System.Globalization;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Serialization;

namespace DynamicToolset.Kubernetes.Client;

public sealed partial class KubeApiClient
{
    // A token that expires again and again means that the pages come too slowly for this API server; then the caller backs off.
    private const int ListAttempts = 3;

    private ServiceProjection ServiceFields => field ??= new ServiceProjection(_strings);

    /// <summary>
    /// All Services, read in pages from one consistent state. Either the whole list is returned or an exception is thrown. What is beyond
    /// <see cref="ServiceBounds"/> is told of by a record that is refused.
    /// </summary>
    /// <param name="ns">Null for all namespaces.</param>
    public Task<KubeList<ServiceRecord>> ListServicesAsync(string? ns, CancellationToken cancellation) =>
        ListAsync(new KubeCall("list", "services", ns) { Method = HttpMethod.Get, PathAndQuery = ServicesPath(ns) + "?" }, ServiceFields, cancellation);

    /// <summary>The changes after a version. It ends when the API server ends it, after <paramref name="timeout"/> at the latest.</summary>
    /// <param name="ns">Null for all namespaces.</param>
    /// <param name="timeout">Asked of the API server, in whole seconds; a watch that is silent for longer is a fault.</param>
    public IAsyncEnumerable<WatchEvent<ServiceRecord>> WatchServicesAsync(
        string? ns, string resourceVersion, TimeSpan timeout, CancellationToken cancellation)
    {
        string path = ServicesPath(ns) + "?" + WatchQuery(resourceVersion, timeout);
        var call = new KubeCall("watch", "services", ns) { Method = HttpMethod.Get, PathAndQuery = path };
        return WatchAsync(call, ServiceFields, resourceVersion, timeout, cancellation);
    }

    private static string ServicesPath(string? ns) => ns is null ? "api/v1/services" : $"api/v1/namespaces/{Uri.EscapeDataString(ns)}/services";

    private static string WatchQuery(string resourceVersion, TimeSpan timeout) => string.Create(
        CultureInfo.InvariantCulture,
        $"watch=true&allowWatchBookmarks=true&timeoutSeconds={(long)timeout.TotalSeconds}&resourceVersion={Uri.EscapeDataString(resourceVersion)}");

    // No resourceVersion is sent: the first page is read from the store itself, never from a cache that may lag behind.
    private async Task<KubeList<T>> ListAsync<T>(KubeCall call, Projection<T> projection, CancellationToken cancellation)
        where T : class
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await ListPagesAsync(call, projection, cancellation);
            }
            catch (KubeApiException e) when (e.IsGone && attempt < ListAttempts)
            {
                // The continue token has expired: pages of a newer state do not join those already read.
            }
        }
    }

    private async Task<KubeList<T>> ListPagesAsync<T>(KubeCall call, Projection<T> projection, CancellationToken cancellation)
        where T : class
    {
        (Action<T> keep, Func<ImmutableArray<T>> kept) = projection.Gather();
        string? version = null, next = null;
        do
        {
            string query = string.Create(CultureInfo.InvariantCulture, $"limit={_options.PageSize}");
            if (next is not null)
                query += "&continue=" + Uri.EscapeDataString(next);
            KubeCall pageCall = call with { PathAndQuery = call.PathAndQuery + query };
            ListPage page = await AskAsync(pageCall, (source, token) => ListPage.ReadAsync(source, projection, keep, token), cancellation);
            version ??= page.ResourceVersion;
            next = page.Continue;
        }
        while (next is not null);
        return new KubeList<T>(kept(), version);
    }
}
