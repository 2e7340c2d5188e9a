using System.Text;

namespace DynamicToolset.Sandbox.Protobuf;

/// <summary>Writes a protobuf message field by field (https://protobuf.dev/programming-guides/encoding/).</summary>
internal sealed class ProtobufMessage
{
    private const int LengthDelimited = 2;
    private const int Varint = 0;
    private readonly List<byte> _bytes = [];

    /// <summary>Leaves the field out where there is no text, as proto3 does.</summary>
    public ProtobufMessage Text(int field, string? value) => string.IsNullOrEmpty(value) ? this : Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtobufMessage Message(int field, ProtobufMessage value) => Bytes(field, value.ToArray());

    public ProtobufMessage Flag(int field, bool value)
    {
        if (value)
        {
            WriteVarint((field << 3) | Varint);
            WriteVarint(1);
        }

        return this;
    }

    public byte[] ToArray() => [.. _bytes];

    private ProtobufMessage Bytes(int field, byte[] value)
    {
        WriteVarint((field << 3) | LengthDelimited);
        WriteVarint(value.Length);
        _bytes.AddRange(value);
        return this;
    }

    private void WriteVarint(int value)
    {
        uint rest = (uint)value;
        while (rest >= 0x80)
        {
            _bytes.Add((byte)(rest | 0x80));
            rest >>= 7;
        }

        _bytes.Add((byte)rest);
    }
}
