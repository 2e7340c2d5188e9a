using System.Net;
using System.Net.Sockets;

namespace DynamicToolset.Kubernetes.Tests.Scripted;

/// <summary>A port on loopback that refuses every connection and that nobody else gets meanwhile: bound, and not listening.</summary>
internal sealed class ClosedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ClosedPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Number => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();
}
