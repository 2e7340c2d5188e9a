using System.Globalization;
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

    /// <summary>The string or property name that the reader stands on.</summary>
    /// <exception cref="JsonException">It is no Unicode.</exception>
    public string Read(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length > LongestText)
            return JsonObjects.Characters(ref reader);
        if (reader.ValueSpan.IsEmpty)
            return "";
        ref string? slot = ref _slots[SlotOf(reader.ValueSpan)];
        string? known = slot;
        if (known is not null && Ascii.Equals(reader.ValueSpan, known))
            return known;
        return slot = JsonObjects.Characters(ref reader);
    }

    /// <summary>Its digits.</summary>
    public string Read(int number)
    {
        Span<byte> digits = stackalloc byte[LongestText];
        number.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
        ref string? slot = ref _slots[SlotOf(digits[..length])];
        string? known = slot;
        if (known is not null && Ascii.Equals(digits[..length], known))
            return known;
        return slot = number.ToString(CultureInfo.InvariantCulture);
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
