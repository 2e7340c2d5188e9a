using System.Text.Json;
using System.Text.Json.Serialization;
using DynamicToolset.Service.Observability;

namespace DynamicToolset.Service.Http;

/// <summary>Moments as RFC 3339 has them, in UTC and to the millisecond: 2026-01-31T09:00:00.000Z.</summary>
internal sealed class Rfc3339Time : JsonConverter<DateTimeOffset>
{
    public static string Of(DateTimeOffset moment) => LogValue.Format(moment);

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Of(value));
}
