using System.Net;
using System.Net.Sockets;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Service.Probing;

/// <summary>
/// Resolves a name once and connects only to an address that <see cref="AddressPolicy"/> allows. The check sits between resolving and
/// connecting, with nothing in between: a name that is judged first and resolved again to connect could have changed its address
/// (DNS rebinding).
/// </summary>
internal sealed class CheckedConnector(HttpProberOptions options, TimeProvider time)
{
    /// <summary>A headless Service may have hundreds of addresses, and no attempt has time for them all.</summary>
    private const int MostAddresses = 4;

    private readonly NameLookup _names = new(Dns.GetHostAddresses);

    /// <summary>A connected socket, or why there is none.</summary>
    /// <param name="timeout">What all addresses together may take: each gets its share, so that one that hangs leaves time for the next.</param>
    /// <exception cref="OperationCanceledException">By <paramref name="stop"/>.</exception>
    public async Task<(Socket? Socket, ProbeFailure? Failure)> ConnectAsync(string host, int port, TimeSpan timeout, CancellationToken stop)
    {
        IPEndPoint[] addresses = await ResolveAsync(host, port, stop);
        if (addresses.Length == 0 || await options.ApiServer.GetAsync(stop) is not { } apiServers)
            return (null, ProbeFailure.NameNotResolved);
        AddressPolicy policy = new(options.AllowedNetworks, apiServers);
        IPEndPoint[] allowed = [.. addresses.Where(a => policy.Check(a.Address, a.Port) is null).Take(MostAddresses)];
        if (allowed.Length == 0)
            return (null, ProbeFailure.Blocked(policy.Check(addresses[0].Address, addresses[0].Port)!.Value));
        ProbeFailure? failure = null;
        foreach (IPEndPoint address in allowed)
        {
            (Socket? socket, failure) = await ConnectAsync(address, timeout / allowed.Length, stop);
            if (socket is not null)
                return (socket, null);
        }

        return (null, failure);
    }

    private async Task<IPEndPoint[]> ResolveAsync(string host, int port, CancellationToken stop)
    {
        if (options.Resolve(host, port) is { } known)
            return [known];
        IPAddress[] addresses = await _names.ResolveAsync(host, stop);
        return [.. addresses.Select(address => new IPEndPoint(address, port))];
    }

    private async Task<(Socket? Socket, ProbeFailure? Failure)> ConnectAsync(IPEndPoint address, TimeSpan timeout, CancellationToken stop)
    {
        using CancellationTokenSource deadline = new(timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        Socket? socket = null;
        try
        {
            // Inside: a process that has all its files open, or a node without IPv6, gets no socket.
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address, either.Token);
            return (socket, null);
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            return (null, e.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => ProbeFailure.Refused,
                SocketError.TimedOut => ProbeFailure.Timeout,
                _ => ProbeFailure.ConnectionFailed,
            });
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            socket?.Dispose();
            return (null, ProbeFailure.Timeout);
        }
        catch (OperationCanceledException)
        {
            socket?.Dispose();
            throw;
        }
    }
}
