using System.Text;

namespace DynamicToolset.Sandbox.Protobuf;

/// <summary>Reads a protobuf message field by field (https://protobuf.dev/programming-guides/encoding/).</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int LengthDelimitedType = 2;
    private const int Fixed32Type = 5;

    private ReadOnlySpan<byte> _rest = message;
    private int _wireType;

    /// <summary>The number of the next field; 0 at the end.</summary>
    /// <exception cref="FormatException">The message is broken.</exception>
    public int ReadField()
    {
        if (_rest.IsEmpty)
            return 0;

        ulong tag = ReadVarint();
        _wireType = (int)(tag & 7);
        return (int)(tag >> 3);
    }

    /// <exception cref="FormatException">The field is no integer.</exception>
    public long ReadNumber() => _wireType == VarintType ? (long)ReadVarint() : throw Broken();

    /// <exception cref="FormatException">The field is no text.</exception>
    public string ReadText() => Encoding.UTF8.GetString(ReadBytes());

    /// <exception cref="FormatException">The field is no text, bytes or message.</exception>
    public ReadOnlySpan<byte> ReadBytes()
    {
        if (_wireType != LengthDelimitedType)
            throw Broken();

        ulong length = ReadVarint();
        return length <= (ulong)_rest.Length ? Take((int)length) : throw Broken();
    }

    public void Skip()
    {
        switch (_wireType)
        {
            case VarintType:
                ReadVarint();
                break;
            case Fixed64Type:
                Take(8);
                break;
            case LengthDelimitedType:
                ReadBytes();
                break;
            case Fixed32Type:
                Take(4);
                break;
            default:
                throw Broken();
        }
    }

    private static FormatException Broken() => new("the protobuf message is broken");

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }

        throw Broken();
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw Broken();

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
