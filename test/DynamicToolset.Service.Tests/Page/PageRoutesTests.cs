using System.Net;
using System.Text.RegularExpressions;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Page;

/// <summary>What a browser is given, without one.</summary>
public sealed partial class PageRoutesTests
{
    private static readonly string[] Files = ["index.html", "page.css", "page.js"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/page.css", "text/css; charset=utf-8")]
    [InlineData("/page.js", "text/javascript; charset=utf-8")]
    public async Task Each_file_says_what_it_is_and_forbids_whatever_the_page_does_not_need(string path, string contentType)
    {
        await using ShownService service = await ShownService.StartAsync();
        using var http = new HttpClient { BaseAddress = service.Address };
        using HttpResponseMessage answer = await http.GetAsync(path, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(contentType, answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            HeaderOf(answer, "Content-Security-Policy"));
        Assert.Equal("nosniff", HeaderOf(answer, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", HeaderOf(answer, "Referrer-Policy"));
        Assert.Equal("same-origin", HeaderOf(answer, "Cross-Origin-Opener-Policy"));
        Assert.Equal("no-cache", HeaderOf(answer, "Cache-Control"));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/page.css")]
    [InlineData("/page.js")]
    public async Task A_file_that_a_browser_has_is_not_sent_again(string path)
    {
        await using ShownService service = await ShownService.StartAsync();
        using var http = new HttpClient { BaseAddress = service.Address };
        using HttpResponseMessage first = await http.GetAsync(path, Stop);
        using var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using HttpResponseMessage second = await http.SendAsync(again, Stop);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        using var asked = new HttpRequestMessage(HttpMethod.Head, path);
        using HttpResponseMessage head = await http.SendAsync(asked, Stop);
        Assert.Equal(first.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(first.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Stop));
    }

    [Fact]
    public async Task It_is_open_to_everybody_where_the_API_is_not()
    {
        await using ShownService service = await ShownService.StartAsync(change: s => s with { AuthEnabled = true });
        using var http = new HttpClient { BaseAddress = service.Address };
        Assert.Contains("<title>Dynamic Toolset Service</title>", await http.GetStringAsync("/", Stop), StringComparison.Ordinal);
        using HttpResponseMessage api = await http.GetAsync("/api/v1/status", Stop);
        Assert.False(api.IsSuccessStatusCode);
    }

    /// <summary>A browser that knows no such policy has nothing to run but the one file, and that makes text of whatever it is told.</summary>
    [Fact]
    public void Nothing_in_it_needs_what_its_policy_forbids()
    {
        Assert.All(Files, file =>
        {
            string text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", "DynamicToolset.Service", "Page", file));
            Assert.Empty(Forbidden().Matches(text).Select(m => m.Value));
        });
    }

    private static string HeaderOf(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));

    [GeneratedRegex(@"<script(?! src="")|<style|\sstyle=|\son\w+=|https?:|@import|url\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|Storage|cookie|setTimeout\('")]
    private static partial Regex Forbidden();
}
