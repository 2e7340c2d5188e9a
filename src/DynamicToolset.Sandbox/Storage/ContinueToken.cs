using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Sandbox.Storage;

/// <summary>Where a list goes on: the version of its first page and the last object sent.</summary>
/// <param name="Version">-1 for the newest version: what is left of a list whose own version has expired.</param>
internal sealed record ContinueToken(long Version, ObjectKey After)
{
    public const long NewestVersion = -1;

    public string Encode() => Base64Url.EncodeToString(JsonText.Write(new JsonObject
    {
        ["v"] = "meta.k8s.io/v1",
        ["rv"] = Version,
        ["start"] = $"{After.Namespace}/{After.Name}",
    }));

    /// <exception cref="KubeStatusException">The text is not a token of ours.</exception>
    public static ContinueToken Decode(string text)
    {
        try
        {
            var token = JsonText.Read(Base64Url.DecodeFromChars(text)) as JsonObject;
            string[] start = token.Text("start")?.Split('/') ?? [];
            if (token.Number("rv") is { } version && start.Length == 2)
                return new ContinueToken(version, new ObjectKey(start[0], start[1]));
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            // Told below like any other token that is not ours.
        }

        throw KubeStatusException.BadRequest("continue key is not valid: it is not a token of this server");
    }
}
