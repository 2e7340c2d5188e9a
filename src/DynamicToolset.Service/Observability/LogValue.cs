using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DynamicToolset.Configuration;
using DynamicToolset.Messages;

namespace DynamicToolset.Service.Observability;

/// <summary>
/// The value of a log field as JSON. Lengths of time are texts in Go notation, <c>"1m30s"</c>: the notation of the settings,
/// read by log systems such as Loki, and never in doubt about its unit. Instants are RFC 3339 in UTC.
/// </summary>
internal static class LogValue
{
    /// <summary>Of a list. There may be thousands of what it names, and whoever may create Services must not be able to bury the log.</summary>
    private const int MostItems = 20;

    /// <summary>In bytes as they are written. Container runtimes break lines of 16 KiB in two, and neither half is JSON.</summary>
    private const int LongestValue = 8192;

    // Control characters are escaped all the same; quotes and angle brackets stay readable. Nothing here is put into HTML.
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static void Write(Utf8JsonWriter json, object? value)
    {
        int room = LongestValue;
        Write(json, value, ref room);
    }

    private static void Write(Utf8JsonWriter json, object? value, ref int room)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(Cut(text, ref room));
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case float or double or decimal:
                WriteFraction(json, value);
                break;
            case ImmutableArray<string> { IsDefault: true }:
                json.WriteNullValue();
                break;
            case IEnumerable items:
                WriteItems(json, items, ref room);
                break;
            default:
                json.WriteStringValue(Cut(Text(value), ref room));
                break;
        }
    }

    /// <param name="room">In bytes; what is left of it afterwards.</param>
    private static string Cut(string text, ref int room)
    {
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int bytes = WrittenBytes(rune);
            if (bytes > room)
            {
                room = 0;
                return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, length)}… ({text.Length:#,0} characters)");
            }

            room -= bytes;
            length += rune.Utf16SequenceLength;
        }

        return text;
    }

    /// <summary>An escape takes six for each of the two characters that a rune may be of; half a rune is written as an escape.</summary>
    private static int WrittenBytes(Rune rune) =>
        QuotedText.IsObeyed(rune) || rune == Rune.ReplacementChar || Encoder.WillEncode(rune.Value) ? 6 * rune.Utf16SequenceLength : rune.Utf8SequenceLength;

    /// <summary>RFC 3339 in UTC with milliseconds, <c>2026-11-23T08:29:32.123Z</c>.</summary>
    public static string Format(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void WriteItems(Utf8JsonWriter json, IEnumerable items, ref int room)
    {
        json.WriteStartArray();
        int more = 0;
        int shown = 0;
        foreach (object? item in items)
        {
            if (shown == MostItems || room <= 0)
            {
                more++;
                continue;
            }

            Write(json, item, ref room);
            shown++;
        }

        if (more > 0)
            json.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"… and {more:#,0} more"));
        json.WriteEndArray();
    }

    /// <summary>JSON has no infinities and no NaN: they become texts.</summary>
    private static void WriteFraction(Utf8JsonWriter json, object value)
    {
        double number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (value is decimal exact)
            json.WriteNumberValue(exact);
        else if (double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
    }

    private static string Text(object value) => value switch
    {
        TimeSpan duration => GoDuration.Format(duration),
        DateTimeOffset instant => Format(instant),
        Exception exception => LogFields.Chain(exception),
        Enum choice => choice.ToString().ToLowerInvariant(),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
