using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace DynamicToolset.Service.Tests.Input;

/// <summary>A directory of what is no file. It is gone when the test ends.</summary>
internal sealed class PipeFolder : IDisposable
{
    private const int OwnerMayReadAndWrite = 0x180;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pipes-");
    private readonly List<Socket> _sockets = [];

    public string Path => _directory.FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A pipe that nobody writes to, which whoever opens it waits for.</summary>
    public string Make(string name)
    {
        Assert.Equal(0, MakePipe(Encoding.UTF8.GetBytes(File(name) + '\0'), OwnerMayReadAndWrite));
        return File(name);
    }

    public void MakeSocket(string name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(File(name)));
        _sockets.Add(socket);
    }

    public void Dispose()
    {
        _sockets.ForEach(s => s.Dispose());
        _directory.Delete(recursive: true);
    }

    [DllImport("libc", EntryPoint = "mkfifo")]
    private static extern int MakePipe(byte[] path, int mode);
}
