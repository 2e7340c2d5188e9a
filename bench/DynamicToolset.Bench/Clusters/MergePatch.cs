using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace DynamicToolset.Bench.Clusters;

/// <summary>Somebody's change of an object, https://www.rfc-editor.org/rfc/rfc7386.</summary>
internal static class MergePatch
{
    /// <returns>The version that the object has by it.</returns>
    /// <exception cref="HttpRequestException">It was refused, or there was no answer.</exception>
    public static async Task<string> SendAsync(HttpClient admin, string path, JsonObject patch, CancellationToken stop)
    {
        using JsonContent content = JsonContent.Create(patch, new MediaTypeHeaderValue("application/merge-patch+json"));
        using HttpResponseMessage response = await admin.PatchAsync(new Uri(path, UriKind.Relative), content, stop);
        response.EnsureSuccessStatusCode();
        JsonNode changed = (await response.Content.ReadFromJsonAsync<JsonNode>(stop))!;
        return (string)changed["metadata"]!["resourceVersion"]!;
    }

    /// <summary>Spoils the toolset of one backend.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public static Task<string> SpoilAsync(HttpClient admin, Backend backend, CancellationToken stop) => SendAsync(
        admin, ConfigMapObserver.Path, new JsonObject { ["data"] = new JsonObject { [backend.Key] = "edited" } }, stop);
}
