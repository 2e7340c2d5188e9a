using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DynamicToolset.Service.Http;

/// <summary>
/// So many connections from one address at once, and no more: who holds as many as they like would have the kubelet's probes refused, and the pod
/// restarted.
/// </summary>
internal sealed class ConnectionShares
{
    public const int Most = 250;

    private readonly ConcurrentDictionary<string, int> _held = new();

    public void Guard(ListenOptions listen) => listen.Use(next => async connection =>
    {
        string address = ClientAddress.Of((connection.RemoteEndPoint as IPEndPoint)?.Address);
        try
        {
            if (_held.AddOrUpdate(address, 1, static (_, held) => held + 1) <= Most)
                await next(connection);
            else
                connection.Abort();
        }
        finally
        {
            if (_held.AddOrUpdate(address, 0, static (_, held) => held - 1) == 0)
                _held.TryRemove(KeyValuePair.Create(address, 0));
        }
    });
}
