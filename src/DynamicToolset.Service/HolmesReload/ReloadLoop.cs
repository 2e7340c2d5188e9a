using System.Globalization;
using System.Net;
using System.Security.Authentication;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Loops;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.HolmesReload;

/// <summary>
/// Tells HolmesGPT to read its file again after a write that changed it: at once, which serves a pod that reads the ConfigMap by API, and twice
/// more, since the kubelet brings a change into mounted files up to two minutes late,
/// https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically. A newer change begins anew.
/// Nobody waits for this loop: an address that hangs or fails delays neither a repair nor the stop.
/// </summary>
/// <param name="url">
/// The operator's own, so that it may lie anywhere. It is asked without a proxy and on a new connection each time, the certificate must be
/// one that the system trusts, and no redirect is followed, for the key would go with it.
/// </param>
/// <param name="key">Sent as <c>X-API-Key</c>; empty for none. Never logged.</param>
/// <param name="maySend">Asked before each call: what was to be told may be another replica's to tell by now.</param>
public sealed partial class ReloadLoop(Uri url, string key, TimeProvider time, ILogger<ReloadLoop> logger, Func<bool>? maySend = null)
{
    /// <summary>HolmesGPT checks all its toolsets before it answers, and gives those checks 20 seconds together.</summary>
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(30);

    /// <summary>The loop is woken by changes; this only bounds the timer.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private static readonly TimeSpan[] AfterChange = [TimeSpan.Zero, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(120)];

    private readonly CoalescingTrigger _changes = new(time);
    private readonly string _shownUrl = url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
    private ConfigMapWrite? _lastWrite;
    private string? _told;
    private bool _isFirst = true;

    public Heartbeat Heartbeat { get; } = new("holmes-reload", time);

    /// <summary>To be told of every round, by one caller at a time. Returns at once.</summary>
    public void Report(ControllerState state)
    {
        if (!state.Leadership.Leads)
        {
            // To whoever leads next it is as if it had just started.
            _isFirst = true;
            return;
        }

        if (_isFirst && WasChangedJustNow(state.Observed))
            _changes.Signal();
        _isFirst = false;
        if (state.LastWrite is not { } write || ReferenceEquals(write, _lastWrite))
            return;
        _lastWrite = write;
        if (write.Set.Contains(ToolsetKey.Holmes) || write.Removed.Contains(ToolsetKey.Holmes))
            _changes.Signal();
    }

    /// <summary>By whoever ran before: what was left of its calls when it stopped is made up for.</summary>
    private bool WasChangedJustNow(ConfigMapRecord? present) =>
        present?.Annotations.GetValueOrDefault(DesiredConfigMap.LastChangeAnnotation) is { } text
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out DateTimeOffset changed)
        && (time.GetUtcNow() - changed).Duration() < AfterChange[^1];

    /// <summary>Runs until stopped, and then gives up a request that is under way. Whatever becomes of a request is outlived.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using HttpMessageInvoker client = NewClient();
        int sent = AfterChange.Length;
        long changed = 0;
        try
        {
            while (true)
            {
                TimeSpan wait = sent < AfterChange.Length ? AfterChange[sent] - time.GetElapsedTime(changed) : LongestWait;
                Heartbeat.Beat(wait);
                if (await _changes.WaitAsync(wait, stop))
                {
                    changed = time.GetTimestamp();
                    sent = 0;
                }
                else if (maySend?.Invoke() == false)
                {
                    sent = AfterChange.Length;
                }
                else if (sent < AfterChange.Length)
                {
                    Heartbeat.Beat(LongestRequest);
                    Tell(await PostAsync(client, stop));
                    sent++;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    /// <returns>What went wrong, and what to do about it; null where nothing did.</returns>
    private async Task<string?> PostAsync(HttpMessageInvoker client, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(LongestRequest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Headers.ConnectionClose = true;
        if (key.Length > 0)
            request.Headers.Add("X-API-Key", key);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode ? null : ReasonOf(response.StatusCode);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"no answer within {LongestRequest.TotalSeconds} seconds";
        }
        catch (HttpRequestException e)
        {
            return e.InnerException is AuthenticationException tls ? $"TLS failed: {tls.Message}" : e.Message;
        }
    }

    private static string ReasonOf(HttpStatusCode status) => $"status {(int)status}" + status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            ": HOLMES_RELOAD_API_KEY must be what HOLMES_API_KEY is in HolmesGPT",
        HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed =>
            ": HolmesGPT later than 0.31.1 is needed, with ENABLE_ADMIN_API=true, and /api/admin/reload/toolsets as the path of HOLMES_RELOAD_URL",
        HttpStatusCode.InternalServerError => ": HolmesGPT cannot load its file, and its log says why",
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => ": redirects are not followed, so HOLMES_RELOAD_URL must name the end of them",
        _ => "",
    };

    /// <summary>Once for each turn to the better or worse: what fails is tried three times after each change.</summary>
    private void Tell(string? problem)
    {
        string outcome = problem ?? "";
        if (outcome == _told)
            return;
        _told = outcome;
        if (problem is null)
            LogReloaded(_shownUrl);
        else
            LogFailed(_shownUrl, problem);
    }

    private static HttpMessageInvoker NewClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.None,
        // The answer's body is never read.
        MaxResponseDrainSize = 0,
    });
}
