using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using DynamicToolset.Messages;
using DynamicToolset.Service.Api;
using DynamicToolset.Service.Http;
using DynamicToolset.Service.Input;

namespace DynamicToolset.Service.Cli;

/// <summary>Reads the answers of a service, possibly of another version or another program: a missing field does not mean "none".</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(Rfc3339Time)])]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(ServiceList))]
internal sealed partial class StatusAnswerJson : JsonSerializerContext;

/// <summary>Asks the REST API of a running service.</summary>
/// <param name="url">Its root.</param>
/// <param name="isGuess">Nobody named it.</param>
/// <param name="token">Empty for none.</param>
internal sealed class StatusClient(Uri url, bool isGuess, string token, TimeProvider time)
{
    /// <summary>Where a pod has the token of its ServiceAccount.</summary>
    public const string PodTokenPath = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    private const int LongestAnswer = 64 * 1024 * 1024;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <returns>Null if the URL was a guess and nothing listens there.</returns>
    /// <exception cref="InputException">It cannot be had; the message says why and what to do.</exception>
    public async Task<ReportedStatus?> ReadAsync(CancellationToken stop)
    {
        // Without redirects: a token goes only to the service itself.
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
        using var http = new HttpClient(handler) { BaseAddress = url, MaxResponseContentBufferSize = LongestAnswer, Timeout = Timeout.InfiniteTimeSpan };
        if (token.Length > 0)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            StatusDocument status = await AskAsync(http, "api/v1/status", StatusAnswerJson.Default.StatusDocument, stop);
            ServiceList services = await AskAsync(http, "api/v1/services", StatusAnswerJson.Default.ServiceList, stop);
            return new ReportedStatus("api", status, services.Services);
        }
        catch (HttpRequestException e) when (IsMissedGuess(e))
        {
            return null;
        }
    }

    private bool IsMissedGuess(Exception e) => isGuess && e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };

    private async Task<T> AskAsync<T>(HttpClient http, string path, JsonTypeInfo<T> type, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(LongestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri(path, UriKind.Relative), either.Token);
            byte[] body = await response.Content.ReadAsByteArrayAsync(either.Token);
            if (!response.IsSuccessStatusCode)
                throw new InputException($"{Program(path)} answers {(int)response.StatusCode}: {DetailOf(body)}");
            RefuseNullItems(body);
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("null");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new InputException($"{Program(path)} has not answered for {LongestWait.TotalSeconds} seconds");
        }
        catch (Exception e) when ((e is HttpRequestException or JsonException) && !IsMissedGuess(e))
        {
            string reason = e is JsonException ? "something else than this service answers" : e.Message;
            throw new InputException($"{Program(path)}: {reason}; is that the service? {(isGuess ? "--url names another" : "Without --url the cluster is read")}");
        }
    }

    /// <summary>The serializer looks at properties only.</summary>
    private static void RefuseNullItems(byte[] body)
    {
        var json = new Utf8JsonReader(body);
        bool isNamed = false;
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.Null && !isNamed)
                throw new JsonException("null");
            isNamed = json.TokenType == JsonTokenType.PropertyName;
        }
    }

    private string Program(string path) => new Uri(url, path).GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);

    /// <summary>Of a problem that the service tells; of anything else nothing is shown.</summary>
    private static string DetailOf(byte[] body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            return QuotedText.OrPlainUpTo(1000, problem.RootElement.GetProperty("detail").GetString() ?? "");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "is that the service?";
        }
    }
}
