using System.IO.Pipelines;
using System.Text;
using DynamicToolset.Kubernetes.Serialization;
using DynamicToolset.Testing;

namespace DynamicToolset.Kubernetes.Tests.Fuzz;

/// <summary>The body of an answer, spoiled here and there, and how it arrives.</summary>
/// <param name="Piece">So many bytes arrive at a time.</param>
internal sealed record CutBytes(byte[] Bytes, int Piece)
{
    private const int UsualPiece = 16 * 1024;

    /// <summary>One in so many is long: it takes a hundred times as long as a short one.</summary>
    private const int OneLongIn = 60;

    /// <summary>What ends a text in the middle of a character, and what no text has.</summary>
    private static readonly byte[] Odd = [0, 0x1F, (byte)'"', (byte)'\\', 0x7F, 0x80, 0xC3, 0xED, 0xF0, 0xFF];

    /// <summary>With a blank before each value: by that its values are found, and exchanged.</summary>
    public static string[] Spaced(params string[] texts) => [.. texts.Select(t => t.Replace("\":", "\": ", StringComparison.Ordinal))];

    public static CutBytes Make(Random random, TextMutation mutation, IReadOnlyList<RepeatedText> longOnes)
    {
        if (random.Next(OneLongIn) == 0)
            return new CutBytes(Encoding.UTF8.GetBytes(longOnes[random.Next(longOnes.Count)].Make(random, mutation)), UsualPiece);
        byte[] bytes = Encoding.UTF8.GetBytes(mutation.Next());
        for (int changes = random.Next(6) - 3; changes > 0; changes--)
            bytes = Spoil(random, bytes);
        return new CutBytes(bytes, random.Next(1, 200));
    }

    public static long SizeOf(CutBytes body) => body.Bytes.Length;

    public JsonSource Open() => OpenIn(Piece);

    public JsonSource OpenIn(int piece) =>
        new(PipeReader.Create(new MemoryStream(Bytes), new StreamPipeReaderOptions(bufferSize: piece, minimumReadSize: 1)));

    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    private static byte[] Spoil(Random random, byte[] bytes)
    {
        int at = random.Next(bytes.Length + 1), end = Math.Min(bytes.Length, at + 1);
        return random.Next(4) switch
        {
            0 => [.. bytes[..at], .. bytes[end..]],
            1 => [.. bytes[..at], Odd[random.Next(Odd.Length)], .. bytes[at..]],
            2 => [.. bytes[..at], Odd[random.Next(Odd.Length)], .. bytes[end..]],
            _ => bytes[..at],
        };
    }
}
