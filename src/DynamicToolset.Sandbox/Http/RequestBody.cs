using System.Text.Json;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Protobuf;
using DynamicToolset.Sandbox.Schema;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox.Http;

/// <summary>The body of a request, at most 3 MiB as in kube-apiserver.</summary>
internal sealed class RequestBody
{
    private const int Limit = 3 * 1024 * 1024;

    private RequestBody(byte[] bytes, string mediaType)
    {
        Bytes = bytes;
        MediaType = mediaType;
    }

    public byte[] Bytes { get; }

    /// <summary>Without parameters; empty where the request names none.</summary>
    public string MediaType { get; }

    /// <exception cref="KubeStatusException">The body is larger than the limit.</exception>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        using var buffer = new MemoryStream();
        byte[] chunk = new byte[64 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, stop)) > 0)
        {
            if (buffer.Length + read > Limit)
            {
                throw new KubeStatusException(413, "RequestEntityTooLarge", $"Request entity too large: limit is {Limit}");
            }

            buffer.Write(chunk, 0, read);
        }

        return new RequestBody(buffer.ToArray(), (request.ContentType ?? "").Split(';')[0].Trim());
    }

    /// <summary>The object to create, replace or delete by.</summary>
    /// <exception cref="KubeStatusException">Another format, or not an object.</exception>
    public JsonObject ReadObject(string kind, FieldSchema.Struct schema) => MediaType switch
    {
        "" or "application/json" => AsObject(ReadJson(kind), kind),
        "application/yaml" => AsObject(ReadYaml(), kind),
        "application/vnd.kubernetes.protobuf" => ReadProtobuf(kind, schema),
        _ => throw new KubeStatusException(
            415,
            "UnsupportedMediaType",
            "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, "
            + "application/vnd.kubernetes.protobuf"),
    };

    public JsonNode? ReadJson(string kind)
    {
        try
        {
            return JsonText.Read(Bytes);
        }
        catch (JsonException error)
        {
            throw KubeStatusException.BadRequest(
                $"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: {error.Message}");
        }
    }

    public JsonNode? ReadYaml() => YamlJson.Read(Bytes);

    private JsonObject ReadProtobuf(string kind, FieldSchema.Struct schema)
    {
        try
        {
            return KubeProtobuf.Read(Bytes, schema);
        }
        catch (FormatException error)
        {
            throw KubeStatusException.BadRequest($"the object provided is unrecognized (must be of type {kind}): {error.Message}");
        }
    }

    private static JsonObject AsObject(JsonNode? node, string kind) => node switch
    {
        JsonObject value => value,
        null => [],
        _ => throw KubeStatusException.BadRequest(
            $"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: it is not an object"),
    };
}
