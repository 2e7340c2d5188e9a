using System.Text;
using System.Text.Json;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>
/// Makes one string of the texts that recur in thousands of objects (label keys, namespaces, port names). Bounded: a text that
/// falls into a taken slot replaces what was there. Safe for several readers at once, since a slot is only ever replaced whole.
/// </summary>
internal sealed class StringCache
{
    private const int Slots = 2048;
    private const int LongestText = 64;

    private readonly string?[] _slots = new string?[Slots];

    /// <summary>The string at the reader's position; the reader stands on a string, a property name, or a number that lies in one buffer.</summary>
    public string Read(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length > LongestText)
            return JsonObjects.Characters(ref reader);
        return Share(reader.ValueSpan);
    }

    private string Share(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        ref string? slot = ref _slots[SlotOf(utf8)];
        string? known = slot;
        if (known is not null && Ascii.Equals(utf8, known))
            return known;
        string text = Encoding.UTF8.GetString(utf8);
        slot = text;
        return text;
    }

    // FNV-1a: short, and good enough to spread the few thousand distinct label texts of a cluster.
    private static int SlotOf(ReadOnlySpan<byte> utf8)
    {
        uint hash = 2166136261;
        foreach (byte b in utf8)
            hash = (hash ^ b) * 16777619;
        return (int)((hash ^ (hash >> 15)) & (Slots - 1));
    }
}
