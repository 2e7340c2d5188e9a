using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DynamicToolset.Manifests;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Protobuf;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Schema;
using DynamicToolset.Sandbox.Storage;
using DynamicToolset.Yaml;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox.Http;

/// <summary>The body of a request, at most 3 MiB as in kube-apiserver.</summary>
internal sealed class RequestBody
{
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
            if (buffer.Length + read > KubeStore.LargestBody)
                throw KubeStatusException.TooLarge(KubeStore.LargestBody);

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

    /// <summary>The one document of the body; null for an empty one.</summary>
    public JsonNode? ReadYaml()
    {
        YamlReading reading = YamlReader.Read(Encoding.UTF8.GetString(Bytes), ServiceManifests.HeldNodes);
        return (reading.Problem, reading.Documents) switch
        {
            ({ } problem, _) => throw KubeStatusException.BadRequest($"error decoding YAML: {problem}"),
            (_, []) => null,
            (_, [var document]) => YamlJson.ToJson(document),
            _ => throw KubeStatusException.BadRequest("error decoding YAML: there is more than one document"),
        };
    }

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
