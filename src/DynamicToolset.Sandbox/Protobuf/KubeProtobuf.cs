using System.Text.Json;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Schema;
using static DynamicToolset.Sandbox.Schema.FieldSchema;

namespace DynamicToolset.Sandbox.Protobuf;

/// <summary>
/// Reads objects in the protobuf form of Kubernetes, in which <c>kubectl create configmap</c> and other typed Go clients send them
/// (https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding).
/// </summary>
internal static class KubeProtobuf
{
    /// <exception cref="FormatException">The bytes are something else.</exception>
    public static JsonObject Read(ReadOnlySpan<byte> body, Struct schema)
    {
        if (!body.StartsWith("k8s\0"u8))
            throw new FormatException("the body does not begin as protobuf of Kubernetes does");

        var type = new JsonObject();
        var value = new JsonObject();
        var envelope = new ProtobufReader(body[4..]);
        while (envelope.ReadField() is var field and not 0)
        {
            switch (field)
            {
                case 1:
                    type = ReadType(envelope.ReadBytes());
                    break;
                case 2:
                    value = ReadStruct(envelope.ReadBytes(), schema);
                    break;
                default:
                    envelope.Skip();
                    break;
            }
        }

        foreach ((string name, JsonNode? text) in type)
            value[name] = text?.DeepClone();

        return value;
    }

    private static JsonObject ReadType(ReadOnlySpan<byte> message)
    {
        var type = new JsonObject();
        var reader = new ProtobufReader(message);
        while (reader.ReadField() is var field and not 0)
        {
            string text = reader.ReadText();
            if (text.Length > 0)
                type[field == 1 ? "apiVersion" : "kind"] = text;
        }

        return type;
    }

    private static JsonObject ReadStruct(ReadOnlySpan<byte> message, Struct schema)
    {
        var value = new JsonObject();
        var reader = new ProtobufReader(message);
        while (reader.ReadField() is var number and not 0)
        {
            if (schema.Fields.FirstOrDefault(field => field.Number == number) is { } known)
                ReadField(ref reader, known, value);
            else
                reader.Skip();
        }

        return value;
    }

    private static void ReadField(ref ProtobufReader reader, Field field, JsonObject value)
    {
        switch (field.Schema)
        {
            case Map map:
                ReadEntry(reader.ReadBytes(), map, value.ChildOrNew(field.Name));
                break;
            case List list:
                if (value[field.Name] is not JsonArray items)
                {
                    items = [];
                    value[field.Name] = items;
                }

                items.Add(ReadValue(ref reader, list.Items));
                break;
            default:
                value[field.Name] = ReadValue(ref reader, field.Schema);
                break;
        }
    }

    private static JsonNode? ReadValue(ref ProtobufReader reader, FieldSchema schema) => schema switch
    {
        Struct inner => ReadStruct(reader.ReadBytes(), inner),
        Scalar { Kind: ScalarKind.Integer } => JsonValue.Create(reader.ReadNumber()),
        Scalar { Kind: ScalarKind.Boolean } => JsonValue.Create(reader.ReadNumber() != 0),
        Scalar { Kind: ScalarKind.IntegerOrText } => ReadIntegerOrText(reader.ReadBytes()),
        Scalar { Kind: ScalarKind.Time } => ReadTime(reader.ReadBytes(), KubeTime.Format),
        Scalar { Kind: ScalarKind.MicroTime } => ReadTime(reader.ReadBytes(), KubeTime.FormatMicro),
        Scalar { Kind: ScalarKind.Bytes } => JsonValue.Create(Convert.ToBase64String(reader.ReadBytes())),
        Scalar => JsonValue.Create(reader.ReadText()),
        _ => ReadFields(reader.ReadBytes()),
    };

    private static void ReadEntry(ReadOnlySpan<byte> message, Map map, JsonObject entries)
    {
        string key = "";
        JsonNode? value = null;
        var reader = new ProtobufReader(message);
        while (reader.ReadField() is var field and not 0)
        {
            if (field == 1)
                key = reader.ReadText();
            else
                value = ReadValue(ref reader, map.Values);
        }

        entries[key] = value ?? JsonValue.Create("");
    }

    private static JsonValue ReadIntegerOrText(ReadOnlySpan<byte> message)
    {
        bool isText = false;
        long number = 0;
        string text = "";
        var reader = new ProtobufReader(message);
        while (reader.ReadField() is var field and not 0)
        {
            switch (field)
            {
                case 1:
                    isText = reader.ReadNumber() == 1;
                    break;
                case 2:
                    number = reader.ReadNumber();
                    break;
                default:
                    text = reader.ReadText();
                    break;
            }
        }

        return isText ? JsonValue.Create(text) : JsonValue.Create(number);
    }

    /// <summary>An empty message is no time at all.</summary>
    private static JsonValue? ReadTime(ReadOnlySpan<byte> message, Func<DateTimeOffset, string> format)
    {
        if (message.IsEmpty)
            return null;

        long seconds = 0;
        long nanoseconds = 0;
        var reader = new ProtobufReader(message);
        while (reader.ReadField() is var field and not 0)
        {
            switch (field)
            {
                case 1:
                    seconds = reader.ReadNumber();
                    break;
                case 2:
                    nanoseconds = reader.ReadNumber();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return JsonValue.Create(format(DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick)));
    }

    private static JsonNode? ReadFields(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        try
        {
            return reader.ReadField() == 0 ? null : JsonText.Read(reader.ReadBytes());
        }
        catch (JsonException error)
        {
            throw new FormatException(error.Message, error);
        }
    }
}
