using System.Text.Json.Nodes;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;

namespace DynamicToolset.Tests.HolmesGeneration;

public sealed class PlainUrlTests
{
    public static TheoryData<string> Plain =>
    [
        "http://a:1", "http://a.b:80", "https://a.b:65535/", "https://a-b.c:99999/x", "http://1.2.3.4:80/~a/b_c-d/e.f", "http://.:0", "http://a:1//x/../y",
        "https://prometheus.monitoring.svc.cluster.local:9090/sub-path/~x/",
    ];

    public static TheoryData<string> Other =>
    [
        "http://a.b", "http://a.b/", "http://a.b:/", "http://a.b:123456", "http://:80", "http://", "http://A.b:80", "HTTP://a.b:80", "http://a_b:80", "http://ä.b:80",
        "http://[::1]:80", "http://u@a.b:80", "http://u:p@a.b:80", "http://a.b:80x", "http://a.b:80?q=1", "http://a.b:80/?q=1", "http://a.b:80/#x", "http://a.b:80/%20",
        "http://a.b:80/ x", "http://a.b:80/x\n", "http://a.b:80\n", "http://a.b:80/$(x)", "http://a.b:80/`x`", "http://a.b:80/${X}", "http://a.b:80/{{x}}", "http://a.b:80/{%x%}",
        "http://a.b:80/\"x", "http://a.b:80/;x", "http://a.b:80/&x", "http://a.b:80/|x", "http://a.b:80/*", "http://a.b:80/\\x", "http://a.b:80/é", "http://a.b:８０",
    ];

    [Theory]
    [MemberData(nameof(Plain))]
    public void A_plain_URL_may_stand_in_a_command(string url) => Assert.Equal(url, PlainUrl.TryCreate(url)?.Text);

    [Theory]
    [MemberData(nameof(Other))]
    [InlineData("ftp://a.b:80")]
    [InlineData("http://a.b:80/x'; touch x; '")]
    public void Any_other_may_not(string url) => Assert.Null(PlainUrl.TryCreate(url));

    [Theory]
    [InlineData("/x", "http://a.b:80/y/x")]
    [InlineData("/~x/.-_", "http://a.b:80/y/~x/.-_")]
    [InlineData("/ x", null)]
    [InlineData("/x\n", null)]
    [InlineData("/$(x)", null)]
    [InlineData("/`x`", null)]
    [InlineData("/{{x}}", null)]
    [InlineData("/%20", null)]
    [InlineData("/'", null)]
    [InlineData("/?q", null)]
    [InlineData("/#x", null)]
    [InlineData("/a:b", null)]
    public void A_path_below_one_is_as_plain_as_the_URL(string path, string? url) => Assert.Equal(url, PlainUrl.TryCreate("http://a.b:80/y/")!.Below(path)?.Text);

    /// <summary>They are two expressions, so that the check does not believe the generator: they must not come to differ.</summary>
    [Theory]
    [MemberData(nameof(Plain))]
    [MemberData(nameof(Other))]
    public void The_check_of_a_file_takes_the_same_URLs_in_a_command(string url)
    {
        string file = $$"""
            toolsets:
              mine/shop:
                enabled: true
                description: The shop
                llm_instructions: Ask it
                tools: [{name: shop, description: Asks it, command: {{JsonValue.Create($"curl --max-time 5 '{url}'").ToJsonString()}}}]
            """;
        bool isRefused = HolmesLinter.Lint(file, HolmesTarget.Compat, []).Any(p => p.Rule == HolmesRules.UrlNotPlain);
        Assert.Equal(PlainUrl.TryCreate(url) is null, isRefused);
    }
}
