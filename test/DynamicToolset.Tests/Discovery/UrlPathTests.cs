using DynamicToolset.Cluster;

namespace DynamicToolset.Tests.Discovery;

public sealed class UrlPathTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/health")]
    [InlineData("/health/")]
    [InlineData("/-/healthy")]
    [InlineData("/_cluster/health")]
    [InlineData("/a.b/~c/..d/...")]
    public void Plain_paths_are_taken(string path) => Assert.True(UrlPath.IsPlain(path));

    [Theory]
    [InlineData("")]
    [InlineData("health")]
    [InlineData("//")]
    [InlineData("//evil.example/")]
    [InlineData("/a//b")]
    [InlineData("/a//")]
    [InlineData("/.")]
    [InlineData("/..")]
    [InlineData("/a/../b")]
    [InlineData("/a/./b")]
    [InlineData("/a?b=c")]
    [InlineData("/a#b")]
    [InlineData("/a%2e%2e")]
    [InlineData("/a;b")]
    [InlineData("/@evil")]
    [InlineData("/a:b")]
    [InlineData("/a\\b")]
    [InlineData("/a b")]
    [InlineData("/a\r\nHost: evil")]
    [InlineData("/a\0")]
    [InlineData("/é")]
    [InlineData("/{x}")]
    [InlineData("/${X}")]
    [InlineData("http://evil.example/")]
    public void Anything_that_could_lead_elsewhere_is_refused(string path) => Assert.False(UrlPath.IsPlain(path));

    [Fact]
    public void A_path_has_at_most_1024_characters()
    {
        Assert.True(UrlPath.IsPlain("/" + new string('a', 1023)));
        Assert.False(UrlPath.IsPlain("/" + new string('a', 1024)));
    }
}
