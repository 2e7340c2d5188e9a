using System.Text;
using DynamicToolset.Messages;

namespace DynamicToolset.Service.Cli;

/// <summary>
/// Passes on lines of plain text. What a terminal would obey becomes a blank: messages name files and other things that somebody else called
/// what he liked.
/// </summary>
internal sealed class HarmlessWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(Rune.TryCreate(value, out Rune rune) ? Shown(rune) : value.ToString());

    public override void Write(string? value) => inner.Write(string.Concat((value ?? "").EnumerateRunes().Select(Shown)));

    public override void Flush() => inner.Flush();

    private static string Shown(Rune rune) => rune.Value is '\n' or '\t' || !QuotedText.IsObeyed(rune) ? rune.ToString() : " ";
}
