using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.EndToEnd;

/// <content>What became of the ConfigMap, and having the service look at everything anew.</content>
internal sealed partial class DeployedService
{
    private const string ConfigMapsPath = $"/api/v1/namespaces/{Namespace}/configmaps?fieldSelector=metadata.name%3D{ConfigMap}";
    private const string DiscoverPath = "/api/v1/discover";

    /// <summary>
    /// Every state that the ConfigMap was in after a version, the oldest first: out of the history that the real API server's store keeps, so that none
    /// is missed, whatever became of watches. Versions are that store's, one for each write to anything.
    /// </summary>
    public async Task<IReadOnlyList<JsonObject>> StatesSinceAsync(string version)
    {
        var states = new List<JsonObject>();
        long since = long.Parse(version, CultureInfo.InvariantCulture);
        (long at, _) = await ReadAtAsync(null);
        while (at > since)
        {
            (_, JsonObject? state) = await ReadAtAsync(at);
            // Where it was deleted meanwhile there are versions without one.
            long written = state is null ? at : long.Parse((string)state["metadata"]!["resourceVersion"]!, CultureInfo.InvariantCulture);
            if (state is not null && written > since)
                states.Insert(0, state);
            at = written - 1;
        }

        return states;
    }

    /// <summary>Returns when everything is in place that the service needs to be ready, and one check fails.</summary>
    public async Task IsReadyButForAsync(string check)
    {
        using HttpClient http = await CreateClientAsync();
        JsonObject checks = [];
        await Patience.EventuallyAsync(
            async () =>
            {
                checks = (await http.AskAsync(HttpMethod.Get, "/readyz")).Body["checks"]!.AsObject();
                return checks.Where(c => ((string)c.Value!).StartsWith("failed", StringComparison.Ordinal)).Select(c => c.Key).SequenceEqual([check]);
            },
            () => $"{check} alone fails in {checks.ToJsonString()}");
    }

    /// <summary>What its API answers to a token, as a status code.</summary>
    public async Task<int> AskApiAsync(string path, string token)
    {
        using HttpClient http = await CreateClientAsync();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (await http.AskAsync(HttpMethod.Get, path)).Code;
    }

    /// <summary>What a metric says; 0 where there is none yet.</summary>
    /// <param name="series">With all its labels, as it is exposed.</param>
    public async Task<double> ReadMetricAsync(string series)
    {
        using var http = new HttpClient();
        int port = ListeningLine.Ports(await Program.LineAsync(ListeningLine.Text)).Metrics;
        string[] lines = (await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), Stop)).Split('\n');
        string? line = lines.SingleOrDefault(l => l.StartsWith($"{series} ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[series.Length..], CultureInfo.InvariantCulture);
    }

    /// <summary>Has the service list, check and decide everything anew, and returns when it has.</summary>
    public async Task DiscoverAsync()
    {
        using HttpClient http = await CreateClientAsync();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(Account));
        (int Code, JsonObject Body) answer = (0, []);
        await Patience.EventuallyAsync(
            async () => (answer = await http.AskAsync(HttpMethod.Post, DiscoverPath, new JsonObject { ["force"] = true })).Code == (int)HttpStatusCode.Accepted,
            () => $"a discovery is begun, and not {answer}");
        string job = $"{DiscoverPath}/{answer.Body["jobId"]}";
        await Patience.EventuallyAsync(
            async () => (string?)(answer = await http.AskAsync(HttpMethod.Get, job)).Body["state"] is "succeeded" or "failed",
            () => $"it ends, and is not {answer}");
        Assert.True((string?)answer.Body["state"] == "succeeded", answer.Body.ToJsonString());
    }

    private async Task<HttpClient> CreateClientAsync() =>
        new() { BaseAddress = new Uri($"http://127.0.0.1:{ListeningLine.Ports(await Program.LineAsync(ListeningLine.Text)).Api}") };

    /// <param name="version">Null for the present one.</param>
    /// <returns>The version, and the ConfigMap then; null where there was none.</returns>
    private async Task<(long Version, JsonObject? State)> ReadAtAsync(long? version)
    {
        string exactly = version is null ? "" : $"&resourceVersion={version}&resourceVersionMatch=Exact";
        (int code, JsonObject list) = await _admin.AskAsync(HttpMethod.Get, ConfigMapsPath + exactly);
        Assert.True(code == 200, list.ToJsonString());
        long at = long.Parse((string)list["metadata"]!["resourceVersion"]!, CultureInfo.InvariantCulture);
        return (at, list["items"]!.AsArray().SingleOrDefault()?.AsObject());
    }
}
