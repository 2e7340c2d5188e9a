using System.Text.Json;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Protobuf;

namespace DynamicToolset.Sandbox.Discovery;

/// <summary>
/// An OpenAPI 2.0 document as protobuf message <c>openapi.v2.Document</c>, field numbers after google/gnostic, openapiv2/OpenAPIv2.proto.
/// kubectl before 1.30 asks for this form alone. Only what <see cref="OpenApiDocument"/> uses is encoded.
/// </summary>
internal static class OpenApiProtobuf
{
    public static byte[] Encode(JsonObject document)
    {
        var message = new ProtobufMessage();
        message.Text(1, document.Text("swagger"));
        message.Message(2, new ProtobufMessage().Text(1, document.Child("info").Text("title")).Text(2, document.Child("info").Text("version")));
        message.Message(8, Named(document.Child("paths"), 2, PathItem));
        message.Message(9, Named(document.Child("definitions"), 1, Schema));
        return message.ToArray();
    }

    /// <summary>A message that holds a list of name and value.</summary>
    private static ProtobufMessage Named(JsonObject? members, int field, Func<JsonObject, ProtobufMessage> encode)
    {
        var message = new ProtobufMessage();
        foreach ((string name, JsonNode? value) in members ?? [])
            message.Message(field, new ProtobufMessage().Text(1, name).Message(2, encode(value!.AsObject())));

        return message;
    }

    private static ProtobufMessage PathItem(JsonObject item) => new ProtobufMessage().Message(8, Operation(item.Child("patch")!));

    private static ProtobufMessage Operation(JsonObject operation)
    {
        ProtobufMessage message = new ProtobufMessage().Text(3, operation.Text("description")).Text(5, operation.Text("operationId"));
        foreach (JsonObject parameter in operation.Items("parameters"))
        {
            // ParametersItem.parameter, Parameter.non_body_parameter, NonBodyParameter.query_parameter_sub_schema
            message.Message(8, new ProtobufMessage().Message(1, new ProtobufMessage().Message(2, new ProtobufMessage().Message(3, QueryParameter(parameter)))));
        }

        message.Message(9, Named(operation.Child("responses"), 1, Response));
        return Extensions(message, operation, 13);
    }

    private static ProtobufMessage QueryParameter(JsonObject parameter) => new ProtobufMessage()
        .Text(2, parameter.Text("in"))
        .Text(4, parameter.Text("name"))
        .Text(6, parameter.Text("type"))
        .Flag(20, parameter.IsTrue("uniqueItems"));

    private static ProtobufMessage Response(JsonObject response)
    {
        var schema = new ProtobufMessage().Message(1, Schema(response.Child("schema")!));
        return new ProtobufMessage().Message(1, new ProtobufMessage().Text(1, response.Text("description")).Message(2, schema));
    }

    private static ProtobufMessage Schema(JsonObject schema)
    {
        ProtobufMessage message = new ProtobufMessage().Text(1, schema.Text("$ref")).Text(2, schema.Text("format"));
        if (schema.Child("additionalProperties") is { } values)
            message.Message(21, new ProtobufMessage().Message(1, Schema(values)));

        if (schema.Text("type") is { } type)
            message.Message(22, new ProtobufMessage().Text(1, type));

        if (schema.Child("items") is { } items)
            message.Message(23, new ProtobufMessage().Message(1, Schema(items)));

        if (schema.Child("properties") is { } properties)
            message.Message(25, Named(properties, 1, Schema));

        return Extensions(message, schema, 31);
    }

    /// <summary>Extensions travel as YAML text; JSON is YAML.</summary>
    private static ProtobufMessage Extensions(ProtobufMessage message, JsonObject value, int field)
    {
        foreach ((string name, JsonNode? extension) in value.Where(member => member.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            string yaml = extension?.GetValueKind() == JsonValueKind.String ? $"{extension.AsText()}\n" : $"{extension?.ToJsonString()}\n";
            message.Message(field, new ProtobufMessage().Text(1, name).Message(2, new ProtobufMessage().Text(2, yaml)));
        }

        return message;
    }
}
