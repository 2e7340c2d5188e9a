using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Manifests;
using DynamicToolset.Service.Api;
using DynamicToolset.Service.Http;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>status</c> was asked to do.</summary>
/// <param name="Url">URL of the running service; null if the user gave none.</param>
/// <param name="TokenFile">Holds the bearer token for it; empty for none.</param>
/// <param name="IsWatching">Show it anew every two seconds.</param>
internal sealed record StatusRequest(Settings Settings, Uri? Url, string TokenFile, bool IsWatching, bool IsJson);

/// <summary>Where a status comes from, and what it says.</summary>
/// <param name="Source"><c>api</c>, or <c>cluster</c>, where nothing is known of checks.</param>
public sealed record ReportedStatus(string Source, StatusDocument Status, ImmutableArray<ServiceDocument> Services)
{
    /// <summary>Why the service itself may have it otherwise; null where nothing is known of that.</summary>
    public string? Warning { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(Rfc3339Time)])]
[JsonSerializable(typeof(ReportedStatus))]
internal sealed partial class StatusJson : JsonSerializerContext;

/// <summary>Shows what was found, how it is, who leads and what is wrong: as the running service has it, else by what the cluster shows.</summary>
internal static class StatusCommand
{
    private const string Program = "dynamic-toolset status";
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    /// <returns>0 with the status on standard output; 2 where it cannot be had.</returns>
    public static async Task<int> ExecuteAsync(StatusRequest request, CancellationToken stop)
    {
        if (!request.IsWatching)
            return await PrintedAnswer.OfAsync(Program, async () => (await TellAsync(request, stop), ExitCode.Success));
        try
        {
            while (true)
            {
                // An error now may be gone a moment later: only the message changes.
                await PrintedAnswer.OfAsync(Program, async () => (Frame(request, await TellAsync(request, stop)), ExitCode.Success));
                await Task.Delay(Pace, TimeProvider.System, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Success;
        }
    }

    private static async Task<string> TellAsync(StatusRequest request, CancellationToken stop)
    {
        ReportedStatus reported = await ReadAsync(request, stop);
        return request.IsJson
            ? PrintedJson.Of(json => JsonSerializer.Serialize(json, reported, StatusJson.Default.ReportedStatus))
            : StatusText.Of(reported, TimeProvider.System.GetUtcNow());
    }

    private static async Task<ReportedStatus> ReadAsync(StatusRequest request, CancellationToken stop)
    {
        if ((request.Url ?? OwnPod(request.Settings)) is { } url
            && await new StatusClient(url, request.Url is null, await TokenAsync(request, stop), TimeProvider.System).ReadAsync(stop) is { } told)
        {
            return told;
        }

        using KubeApiClient api = ClusterAccess.Connect(request.Settings, TimeProvider.System);
        return await ClusterStatus.ReadAsync(request.Settings, api, TimeProvider.System, stop);
    }

    /// <summary>
    /// In the pod of the service, as by kubectl exec, that one is meant. Any other pod has a token as well, and nobody's local port is guessed at.
    /// </summary>
    private static Uri? OwnPod(Settings settings) =>
        settings.PodName.Length > 0 && settings.PodName == Environment.MachineName && settings.Port > 0
            ? new UriBuilder(Uri.UriSchemeHttp, "localhost", settings.Port).Uri
            : null;

    /// <summary>The pod's own token goes only to the pod itself.</summary>
    private static async Task<string> TokenAsync(StatusRequest request, CancellationToken stop)
    {
        string own = request.Url is null && File.Exists(StatusClient.PodTokenPath) ? StatusClient.PodTokenPath : "";
        string path = request.TokenFile.Length > 0 ? request.TokenFile : own;
        if (path.Length == 0)
            return "";
        string token = (await ManifestFile.ReadAsync(path, ConnectionBounds.Token, stop)).Text.Trim();
        return token.All(c => c is > ' ' and < '\x7f')
            ? token
            : throw new InputException($"{path} must contain one token and nothing else: write it again, for example with kubectl create token NAME > FILE");
    }

    /// <summary>On a terminal in place of the last one.</summary>
    private static string Frame(StatusRequest request, string text) => request.IsJson || Console.IsOutputRedirected ? text : $"\x1b[H\x1b[2J{text}";
}
