using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Tests.HealthCheck;

/// <summary>What an answer leads to, and that it leads nowhere else.</summary>
public sealed class CheckWaysTests
{
    private static readonly CheckWays Open = new(Target("http", "/")) { MayBeHttps = true, Prefixes = ["/jaeger", "/jaeger/ui"] };

    [Theory]
    // Signs that a port speaks TLS.
    [InlineData("http://j.t:1", "cut off", "https://j.t:1")]
    [InlineData("http://j.t:1", "no HTTP", "https://j.t:1")]
    [InlineData("http://j.t:1", "400", "https://j.t:1")]
    [InlineData("http://j.t:1/jaeger", "400", "https://j.t:1/jaeger")]
    [InlineData("http://j.t:1", "302 https://j.t/", "https://j.t:1")]
    [InlineData("http://j.t:1", "302 https://j.t:8443/jaeger/", "https://j.t:1/jaeger")]
    // Signs of a prefix.
    [InlineData("http://j.t:1", "302 /jaeger", "http://j.t:1/jaeger")]
    [InlineData("http://j.t:1", "301 /jaeger/search?x=1#y", "http://j.t:1/jaeger")]
    [InlineData("http://j.t:1", "307 /jaeger/ui/", "http://j.t:1/jaeger/ui")]
    [InlineData("http://j.t:1", "302 jaeger/", "http://j.t:1/jaeger")]
    [InlineData("https://j.t:1", "302 /jaeger", "https://j.t:1/jaeger")]
    [InlineData("http://j.t:1", "404", "http://j.t:1/jaeger")]
    [InlineData("http://j.t:1/jaeger", "404", "http://j.t:1/jaeger/ui")]
    [InlineData("http://j.t:1/jaeger/ui", "404", "http://j.t:1")]
    [InlineData("https://j.t:1", "404", "https://j.t:1/jaeger")]
    // The host is not looked at: it leads to the own one.
    [InlineData("http://j.t:1", "302 http://169.254.169.254/jaeger", "http://j.t:1/jaeger")]
    [InlineData("http://j.t:1", "302 https://jaeger.example.com/jaeger/", "http://j.t:1/jaeger")]
    [InlineData("http://j.t:1", "302 //evil/jaeger", "http://j.t:1/jaeger")]
    // What leads nowhere.
    [InlineData("http://j.t:1", "302 /login", null)]
    [InlineData("http://j.t:1", "302 /jaegerx", null)]
    [InlineData("http://j.t:1", "302 /x/../jaeger/../../etc", null)]
    [InlineData("http://j.t:1", "302 http://j.t:1/", null)]
    [InlineData("http://j.t:1", "302 https://evil/", null)]
    [InlineData("http://j.t:1", "302 file:///jaeger", "http://j.t:1/jaeger")]
    [InlineData("http://j.t:1", "302 http://[", null)]
    [InlineData("http://j.t:1", "302", null)]
    [InlineData("http://j.t:1", "200 /jaeger", null)]
    [InlineData("http://j.t:1", "401", null)]
    [InlineData("http://j.t:1", "503", null)]
    [InlineData("http://j.t:1", "refused", null)]
    [InlineData("http://j.t:1", "timeout", null)]
    // Never plain HTTP after https.
    [InlineData("https://j.t:1", "302 http://j.t:1/", null)]
    [InlineData("https://j.t:1", "302 http://j.t:1/jaeger", "https://j.t:1/jaeger")]
    [InlineData("https://j.t:1", "cut off", null)]
    [InlineData("https://j.t:1", "400", null)]
    [InlineData("https://j.t:1", "tls", null)]
    public void An_answer_leads_only_to_what_is_open(string asked, string answer, string? leads)
    {
        HealthCheckTarget way = Open.In(FormOf(asked))!;
        Assert.Equal(leads, Open.After(way, AnswerOf(answer))?.Endpoint.ToString());
    }

    [Theory]
    [InlineData("400")]
    [InlineData("cut off")]
    [InlineData("404")]
    [InlineData("302 https://j.t/jaeger")]
    public void What_is_closed_stays_closed(string answer)
    {
        var closed = new CheckWays(Target("http", "/"));
        Assert.Null(closed.After(closed.First, AnswerOf(answer)));
        Assert.Null(closed.In(new EndpointForm("https", "")));
        Assert.Null(closed.In(new EndpointForm("http", "/jaeger")));
        Assert.Null(Open.In(new EndpointForm("http", "/grafana")));
        Assert.Null(new CheckWays(Target("https", "/")) { Prefixes = ["/jaeger"] }.In(new EndpointForm("http", "")));
    }

    [Fact]
    public void A_check_stands_below_the_prefix()
    {
        HealthCheckTarget way = Open.In(new EndpointForm("https", "/jaeger"))!;
        Assert.Equal("https://j.t:1/jaeger/", way.Url);
        Assert.Equal("GET https://j.t:1/jaeger/", way.Action);
    }

    [Fact]
    public void A_prefix_of_the_rule_itself_is_not_doubled()
    {
        EndpointUrl endpoint = EndpointUrl.TryCreate("http", new ObjectKey("t", "j"), 1, "", "/api")!;
        CheckWays fixedPath = new(new HealthCheckTarget(endpoint, "/health", AcceptedStatuses.Default)) { MayBeHttps = true };
        Assert.Equal("https://j.t:1/health", fixedPath.In(new EndpointForm("https", "/api"))!.Url);
    }

    [Fact]
    public void What_is_listed_twice_keeps_nothing_from_being_tried()
    {
        CheckWays ways = new(Target("http", "/")) { Prefixes = ["", "/a", "/a", "/b"] };
        List<string> tried = [];
        for (HealthCheckTarget way = ways.First; tried.Count < 4; tried.Add(way.Endpoint.Path))
            way = ways.After(way, AnswerOf("404"))!;
        Assert.Equal(["/a", "/b", "", "/a"], tried);
    }

    [Fact]
    public void A_location_longer_than_any_of_a_list_is_not_read() =>
        Assert.Null(Open.After(Open.First, new ProbeAnswer.Response(302, null, "/jaeger/" + new string('a', 4096), default)));

    [Fact]
    public void Each_failed_check_tries_one_other_way_until_one_is_left()
    {
        // A TLS endpoint whose pages lie below the second prefix.
        OtherWay? tried = null;
        List<string> asked = [];
        for (int i = 0; i < 5; i++)
        {
            var attempt = new CheckAttempt(Open, Open.First, tried);
            while (attempt.Next(TimeSpan.FromSeconds(1)) is { } request)
            {
                asked.Add($"{request.Endpoint.Scheme}:{request.Path}");
                attempt = attempt.With(AnswerOf(
                    request.Endpoint.Scheme == "http" ? "cut off" : request.Path == "/jaeger/ui/" ? "200" : "404"));
            }

            tried = attempt.Tried;
        }

        Assert.Equal(
            ["http:/", "https:/", "http:/", "https:/jaeger/", "http:/", "https:/jaeger/ui/", "http:/", "https:/", "http:/", "https:/jaeger/"],
            asked);
    }

    [Theory]
    [InlineData("200", 1)]
    [InlineData("401", 1)]
    [InlineData("503", 1)]
    [InlineData("404", 2)]
    [InlineData("cut off", 2)]
    public void An_attempt_makes_one_request_more_at_most(string answer, int requests)
    {
        var attempt = new CheckAttempt(Open, Open.First, Before: null);
        int made = 0;
        while (attempt.Next(TimeSpan.FromSeconds(1)) is not null)
        {
            attempt = attempt.With(AnswerOf(answer));
            made++;
        }

        Assert.Equal(requests, made);
        Assert.Null(new CheckAttempt(Open, Open.First, Before: null, IsAlone: true).With(AnswerOf(answer)).Next(TimeSpan.FromSeconds(1)));
        Assert.Null(new CheckAttempt(Open, Open.First, Before: null).With(AnswerOf(answer)).Next(TimeSpan.Zero));
    }

    internal static ProbeAnswer AnswerOf(string words) => words.Split(' ') switch
    {
        ["cut", "off"] => new ProbeAnswer.None(ProbeFailure.CutOff),
        ["no", "HTTP"] => new ProbeAnswer.None(ProbeFailure.InvalidResponse),
        ["refused"] => new ProbeAnswer.None(ProbeFailure.Refused),
        ["timeout"] => new ProbeAnswer.None(ProbeFailure.Timeout),
        ["tls"] => new ProbeAnswer.None(ProbeFailure.TlsFailed),
        [var status, .. var location] => new ProbeAnswer.Response(
            int.Parse(status, System.Globalization.CultureInfo.InvariantCulture), null, location.Length == 0 ? null : location[0], default),
        _ => throw new ArgumentException(words, nameof(words)),
    };

    private static EndpointForm FormOf(string url) => new(url.Split(':')[0], new Uri(url).AbsolutePath.TrimEnd('/'));

    private static HealthCheckTarget Target(string scheme, string path) =>
        new(EndpointUrl.TryCreate(scheme, new ObjectKey("t", "j"), 1, "")!, path, AcceptedStatuses.Default);
}
