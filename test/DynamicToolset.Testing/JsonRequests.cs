using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace DynamicToolset.Testing;

/// <summary>Requests to an API server as anybody would send them: by none of this program's code.</summary>
public static class JsonRequests
{
    /// <summary>What is answered, whatever it is.</summary>
    public static Task<(int Code, JsonObject Body)> AskAsync(
        this HttpClient client, HttpMethod method, string path, JsonObject? body = null, string contentType = "application/json") =>
        client.AskAsync(method, path, body?.ToJsonString(), contentType);

    /// <summary>The same for a text that no tree of JSON would be written as.</summary>
    /// <param name="body">Null for none.</param>
    public static async Task<(int Code, JsonObject Body)> AskAsync(this HttpClient client, HttpMethod method, string path, string? body, string contentType)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonNode.Parse(text)!.AsObject());
    }
}
