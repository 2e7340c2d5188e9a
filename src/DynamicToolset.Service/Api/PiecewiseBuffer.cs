using System.Buffers;

namespace DynamicToolset.Service.Api;

/// <summary>Bytes in small pieces: an answer of half a megabyte in one would lie among the large objects, which are seldom collected.</summary>
internal sealed class PiecewiseBuffer : IBufferWriter<byte>
{
    private const int PieceLength = 32 * 1024;

    private readonly List<(byte[] Bytes, int Length)> _pieces = [];

    public long Length => _pieces.Sum(p => (long)p.Length);

    public IEnumerable<ReadOnlyMemory<byte>> Pieces => _pieces.Select(p => (ReadOnlyMemory<byte>)p.Bytes.AsMemory(0, p.Length));

    public void Advance(int count) => _pieces[^1] = (_pieces[^1].Bytes, _pieces[^1].Length + count);

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_pieces.Count == 0 || _pieces[^1].Bytes.Length - _pieces[^1].Length < Math.Max(sizeHint, 1))
            _pieces.Add((new byte[Math.Max(PieceLength, sizeHint)], 0));
        return _pieces[^1].Bytes.AsMemory(_pieces[^1].Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
