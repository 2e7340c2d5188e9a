using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Messages;

namespace DynamicToolset.Service.Input;

/// <summary>Reads on until a bound, and tells how far it is.</summary>
/// <param name="told">Takes the number of bytes of each step.</param>
internal sealed class BoundedStream(Stream inner, Bound bound, long most, Action<int> told) : Stream
{
    private long _left = most;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InputTooLargeException">There is more.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        _left -= read;
        told(read);
        return _left < 0 ? throw new InputTooLargeException(bound) : read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
