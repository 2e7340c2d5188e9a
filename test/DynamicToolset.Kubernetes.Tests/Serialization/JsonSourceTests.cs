using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using DynamicToolset.Kubernetes.Serialization;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Serialization;

public sealed class JsonSourceTests
{
    private const int Longest = 100_000;
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_value_without_end_no_more_is_held_than_its_bound()
    {
        var pool = new CountingPool();
        var source = new JsonSource(PipeReader.Create(new Repeated("{\"a\":[", "{\"b\":\"some text\"},", 1_000_000, "0]} true"), new StreamPipeReaderOptions(pool, bufferSize: 16 * 1024)));
        JsonPiece piece = (await source.ReadPieceAsync(Longest, Stop)).GetValueOrDefault();
        Assert.False(piece.IsWhole);
        await source.SkipRestAsync(Stop);
        Assert.Equal(JsonTokenType.True, await source.ReadTokenAsync(Stop));
        Assert.InRange(pool.MostHeld, Longest, Longest + (2 * 16 * 1024));
    }

    /// <summary>Whatever the values are and however their bytes are cut: those that are short are whole, and of the others the next one is found.</summary>
    [Fact]
    public Task After_a_value_that_was_passed_over_the_next_one_is_read() => Chance.TryAsync(500, async random =>
    {
        string[] values = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Value(random, depth: 0))];
        var source = new JsonSource(PipeReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(string.Join(' ', values))), new StreamPipeReaderOptions(bufferSize: random.Next(1, 50), minimumReadSize: 1)));
        int longest = random.Next(1, 80);
        foreach (string value in values)
        {
            JsonPiece piece = (await source.ReadPieceAsync(longest, Stop)).GetValueOrDefault();
            string text = Encoding.UTF8.GetString(piece.Json);
            Assert.Equal(value.Length <= longest, piece.IsWhole);
            Assert.StartsWith(piece.IsWhole ? value : text, value, StringComparison.Ordinal);
            await source.SkipRestAsync(Stop);
        }

        Assert.Null(await source.ReadPieceAsync(longest, Stop));
    });

    private static string Value(Random random, int depth) => (depth > 3 ? 0 : random.Next(4)) switch
    {
        0 => $"\"{new string('x', random.Next(12))}\\\"\"",
        1 => $"[{string.Join(',', Enumerable.Range(0, random.Next(5)).Select(_ => Value(random, depth + 1)))}]",
        2 => $"{{{string.Join(',', Enumerable.Range(0, random.Next(5)).Select(i => $"\"k{i}\":{Value(random, depth + 1)}"))}}}",
        _ => "{\"[\":\"{\"}",
    };

    /// <summary>How much was lent at once.</summary>
    private sealed class CountingPool : MemoryPool<byte>
    {
        private int _held;

        public int MostHeld { get; private set; }

        public override int MaxBufferSize => int.MaxValue;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            var lent = new Lent(this, new byte[Math.Max(minBufferSize, 4096)]);
            _held += lent.Memory.Length;
            MostHeld = Math.Max(MostHeld, _held);
            return lent;
        }

        protected override void Dispose(bool disposing)
        {
        }

        private sealed class Lent(CountingPool pool, byte[] bytes) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory => bytes;

            public void Dispose() => pool._held -= bytes.Length;
        }
    }

    /// <summary>A long stream that is nowhere as a whole.</summary>
    private sealed class Repeated(string start, string part, int times, string end) : Stream
    {
        private readonly byte[] _part = Encoding.UTF8.GetBytes(part);
        private byte[] _left = Encoding.UTF8.GetBytes(start);
        private int _times = times;
        private bool _ended;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_left.Length == 0 && !_ended)
            {
                _ended = _times-- == 0;
                _left = _ended ? Encoding.UTF8.GetBytes(end) : _part;
            }

            int length = Math.Min(count, _left.Length);
            _left.AsSpan(0, length).CopyTo(buffer.AsSpan(offset));
            _left = _left[length..];
            return length;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
