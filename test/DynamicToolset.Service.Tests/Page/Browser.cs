using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Page;

/// <summary>
/// A Chromium without a window, and one tab in it, spoken to by chromedriver in the protocol of https://www.w3.org/TR/webdriver2/: what the tests
/// need of it is a dozen requests.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    /// <summary>Nothing but the pages of the tests is asked for, and nothing of a user's is read: chromedriver gives it an empty profile.</summary>
    private static readonly JsonArray Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    ];

    private readonly Process _driver;
    private readonly HttpClient _http;
    private string _session = "";

    private Browser(Process driver, Uri address)
    {
        _driver = driver;
        _http = new HttpClient { BaseAddress = address, Timeout = Patience.Limit };
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Skips the test where there is no Chromium, except in CI.</summary>
    public static async Task<Browser> StartAsync()
    {
        string chromium = InstalledProgram.Find("chromium");
        var start = new ProcessStartInfo(InstalledProgram.Find("chromedriver"), ["--port=0"]) { RedirectStandardOutput = true };
        Process driver = Process.Start(start)!;
        var browser = new Browser(driver, await AddressOf(driver));
        try
        {
            var options = new JsonObject { ["binary"] = chromium, ["args"] = Arguments.DeepClone() };
            var always = new JsonObject
            {
                ["goog:chromeOptions"] = options,
                ["goog:loggingPrefs"] = new JsonObject { ["browser"] = "ALL", ["performance"] = "ALL" },
            };
            JsonNode session = (await browser.SendAsync(HttpMethod.Post, "session", new() { ["capabilities"] = new JsonObject { ["alwaysMatch"] = always } }))!;
            browser._session = $"session/{session["sessionId"]}/";
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    public async Task OpenAsync(Uri address) => await SendAsync(HttpMethod.Post, "url", new() { ["url"] = address.ToString() });

    /// <summary>What the body of a function in the page returns.</summary>
    public Task<JsonNode?> RunAsync(string body, params JsonNode?[] arguments) =>
        SendAsync(HttpMethod.Post, "execute/sync", new() { ["script"] = body, ["args"] = new JsonArray(arguments) });

    /// <summary>What is to be read in the first such element, on one line; empty where there is none.</summary>
    public async Task<string> TextAsync(string selector) => (await RunAsync($"return {TextOf(selector)}"))!.GetValue<string>();

    public async Task<bool> IsTrueAsync(string expression) => (await RunAsync($"return !!({expression})"))!.GetValue<bool>();

    public async Task<int> NumberAsync(string expression) => (int)(await RunAsync($"return {expression}"))!.GetValue<double>();

    /// <summary>Waits until an expression is true in the page.</summary>
    public async Task HasAsync(string expression) =>
        await Patience.EventuallyAsync(() => IsTrueAsync(expression), () => $"{expression}, in a page of:\n{TextAsync("body").GetAwaiter().GetResult()}");

    /// <summary>Waits until what stands in an element has a text in it.</summary>
    public Task ShowsAsync(string selector, string text) =>
        HasAsync($"{TextOf(selector)}.includes({JsonValue.Create(text).ToJsonString()})");

    /// <summary>Presses keys one after the other: characters, or those of https://www.w3.org/TR/webdriver2/#keyboard-actions.</summary>
    public async Task PressAsync(params string[] keys)
    {
        JsonNode[] strokes = [.. keys.SelectMany(k => new[] { "keyDown", "keyUp" }.Select(t => new JsonObject { ["type"] = t, ["value"] = k }))];
        await SendAsync(HttpMethod.Post, "actions", new()
        {
            ["actions"] = new JsonArray(new JsonObject { ["type"] = "key", ["id"] = "keyboard", ["actions"] = new JsonArray(strokes) }),
        });
    }

    public Task TypeAsync(string text) => PressAsync([.. text.Select(c => $"{c}")]);

    /// <summary>What the browser has to say of the page: errors of its script, and what its security policy forbade.</summary>
    public async Task<IReadOnlyList<string>> ConsoleAsync() => [.. (await LogAsync("browser")).Select(e => e!["message"]!.GetValue<string>())];

    /// <summary>Every address that was asked for since this was asked last.</summary>
    public async Task<IReadOnlyList<Uri>> RequestsAsync() =>
    [
        .. (await LogAsync("performance"))
            .Select(e => JsonNode.Parse(e!["message"]!.GetValue<string>())!["message"]!)
            .Where(m => m["method"]!.GetValue<string>() == "Network.requestWillBeSent")
            .Select(m => new Uri(m["params"]!["request"]!["url"]!.GetValue<string>())),
    ];

    public async Task SizeAsync(int width, int height) => await CommandAsync(
        "Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });

    public async Task ColoursAsync(string scheme) => await CommandAsync(
        "Emulation.setEmulatedMedia",
        new() { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }) });

    /// <summary>One of https://chromedevtools.github.io/devtools-protocol/.</summary>
    public Task<JsonNode?> CommandAsync(string name, JsonObject parameters) =>
        SendAsync(HttpMethod.Post, "goog/cdp/execute", new() { ["cmd"] = name, ["params"] = parameters });

    public async ValueTask DisposeAsync()
    {
        using (_driver)
        using (_http)
        {
            // It ends Chromium then, and takes the profile along.
            if (_session.Length > 0 && !_driver.HasExited)
                await _http.DeleteAsync(new Uri(_session.TrimEnd('/'), UriKind.Relative), CancellationToken.None);
            _driver.Kill(entireProcessTree: true);
            await _driver.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static string TextOf(string selector) =>
        $"(document.querySelector({JsonValue.Create(selector).ToJsonString()})?.innerText ?? '').replace(/\\s+/g, ' ').trim()";

    private async Task<JsonArray> LogAsync(string type) => (await SendAsync(HttpMethod.Post, "se/log", new() { ["type"] = type }))!.AsArray();

    private async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonObject body)
    {
        // It wants to be told the length.
        using var content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(method, _session + path) { Content = content };
        using HttpResponseMessage response = await _http.SendAsync(request, Stop);
        JsonNode? value = (await response.Content.ReadFromJsonAsync<JsonNode>(Stop))!["value"];
        return response.IsSuccessStatusCode ? value : throw new InvalidOperationException($"{path}: {value!["message"]}\n{body.ToJsonString()}");
    }

    private static async Task<Uri> AddressOf(Process driver)
    {
        const string Before = "successfully on port ";
        while (await driver.StandardOutput.ReadLineAsync(Stop).AsTask().WithPatienceAsync() is { } line)
        {
            if (line.IndexOf(Before, StringComparison.Ordinal) is >= 0 and var at)
                return new Uri($"http://127.0.0.1:{line[(at + Before.Length)..].TrimEnd('.')}/");
        }

        throw new InvalidOperationException("chromedriver has ended.");
    }
}
