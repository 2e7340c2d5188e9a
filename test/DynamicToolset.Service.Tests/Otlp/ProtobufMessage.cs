using System.Buffers.Binary;
using System.Text;

namespace DynamicToolset.Service.Tests.Otlp;

/// <summary>A message as far as tests look into it: its fields by number. See https://protobuf.dev/programming-guides/encoding/.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)> _fields = [];

    public ProtobufMessage(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ulong tag = TakeNumber(ref bytes);
            _fields.Add(TakeField(tag, ref bytes));
        }
    }

    public IEnumerable<ProtobufMessage> Messages(int number) => Fields(number).Select(b => new ProtobufMessage(b));

    public IEnumerable<ReadOnlyMemory<byte>> Fields(int number) => _fields.Where(f => f.Number == number).Select(f => f.Bytes);

    public string Text(int number) => Fields(number).Select(b => Encoding.UTF8.GetString(b.Span)).FirstOrDefault("");

    private static (int, ulong, ReadOnlyMemory<byte>) TakeField(ulong tag, ref ReadOnlyMemory<byte> bytes)
    {
        int number = (int)(tag >> 3);
        return (tag & 7) switch
        {
            0 => (number, TakeNumber(ref bytes), default),
            1 => (number, BinaryPrimitives.ReadUInt64LittleEndian(Take(8, ref bytes).Span), default),
            2 => (number, 0, Take((int)TakeNumber(ref bytes), ref bytes)),
            5 => (number, BinaryPrimitives.ReadUInt32LittleEndian(Take(4, ref bytes).Span), default),
            _ => throw new InvalidDataException($"Tag {tag} is no field of protobuf."),
        };
    }

    private static ulong TakeNumber(ref ReadOnlyMemory<byte> bytes)
    {
        ulong number = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = Take(1, ref bytes).Span[0];
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return number;
        }
    }

    private static ReadOnlyMemory<byte> Take(int length, ref ReadOnlyMemory<byte> bytes)
    {
        ReadOnlyMemory<byte> taken = bytes[..length];
        bytes = bytes[length..];
        return taken;
    }
}
