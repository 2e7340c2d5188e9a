using DynamicToolset.Sandbox.Faults;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox.Http;

/// <summary>The body of an answer that a fault befalls on its way out.</summary>
internal sealed class FaultyBody(HttpContext context, Stream body, Fault fault) : Stream
{
    private readonly MemoryStream _line = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => throw new NotSupportedException("Kestrel writes asynchronously");

    public override Task FlushAsync(CancellationToken cancellationToken) => body.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Kestrel writes asynchronously");

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        switch (fault)
        {
            case Fault.LoseReply:
                BreakOff();
                break;
            case Fault.ResetMidBody:
                await SendHalfAsync(buffer, cancellationToken);
                BreakOff();
                break;
            case Fault.TruncateEvent:
                await SendHalfAsync(buffer, cancellationToken);
                throw new BrokenAnswerException();
            case Fault.SingleBytes:
                await SendSinglyAsync(buffer, cancellationToken);
                break;
            default:
                await SendTwiceAsync(buffer, cancellationToken);
                break;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _line.Dispose();
        base.Dispose(disposing);
    }

    private void BreakOff()
    {
        context.Abort();
        throw new BrokenAnswerException();
    }

    private async Task SendHalfAsync(ReadOnlyMemory<byte> buffer, CancellationToken stop)
    {
        await body.WriteAsync(buffer[..(buffer.Length / 2)], stop);
        await body.FlushAsync(stop);
    }

    private async Task SendSinglyAsync(ReadOnlyMemory<byte> buffer, CancellationToken stop)
    {
        for (int index = 0; index < buffer.Length; index++)
        {
            await body.WriteAsync(buffer.Slice(index, 1), stop);
            await body.FlushAsync(stop);
        }
    }

    /// <summary>A line is written in pieces: it goes out twice when it is whole.</summary>
    private async Task SendTwiceAsync(ReadOnlyMemory<byte> buffer, CancellationToken stop)
    {
        _line.Write(buffer.Span);
        if (buffer.Span.EndsWith("\n"u8))
        {
            byte[] line = _line.ToArray();
            _line.SetLength(0);
            await body.WriteAsync(line, stop);
            await body.WriteAsync(line, stop);
        }
    }
}

/// <summary>A planned fault has ended the answer: nothing more is to be sent.</summary>
internal sealed class BrokenAnswerException : Exception;
