namespace DynamicToolset.Service.Tests.Page;

/// <summary>Starts the browser for the first test that wants one.</summary>
public sealed class BrowserFixture : IAsyncDisposable
{
    private Browser? _browser;

    /// <summary>As wide as a laptop, in light colours, and with nothing left of the test before. Skips the test where there is none, except in CI.</summary>
    public async Task<Browser> BrowserAsync()
    {
        _browser ??= await Browser.StartAsync();
        await _browser.OpenAsync(new Uri("about:blank"));
        await _browser.SizeAsync(1280, 900);
        await _browser.ColoursAsync("light");
        await _browser.ConsoleAsync();
        await _browser.RequestsAsync();
        return _browser;
    }

    public ValueTask DisposeAsync() => _browser?.DisposeAsync() ?? ValueTask.CompletedTask;
}
