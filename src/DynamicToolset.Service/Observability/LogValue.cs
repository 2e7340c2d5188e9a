using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using DynamicToolset.Configuration;

namespace DynamicToolset.Service.Observability;

/// <summary>
/// The value of a log field as JSON. Lengths of time are texts in Go notation, <c>"1m30s"</c>: the notation of the settings,
/// read by log systems such as Loki, and never in doubt about its unit. Instants are RFC 3339 in UTC.
/// </summary>
internal static class LogValue
{
    public static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
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
                WriteItems(json, items);
                break;
            default:
                json.WriteStringValue(Text(value));
                break;
        }
    }

    /// <summary>RFC 3339 in UTC with milliseconds, <c>2026-11-23T08:29:32.123Z</c>.</summary>
    public static string Format(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void WriteItems(Utf8JsonWriter json, IEnumerable items)
    {
        json.WriteStartArray();
        foreach (object? item in items)
            Write(json, item);
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
