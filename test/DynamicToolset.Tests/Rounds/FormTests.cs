using DynamicToolset.LeaderElection;

namespace DynamicToolset.Tests.Rounds;

/// <summary>The URL that is written is the one that worked, and stays that.</summary>
public sealed class FormTests
{
    private const string Elastic = "logging/elasticsearch app=elasticsearch http:9200 >app=elasticsearch";
    private const string Jaeger = "tracing/jaeger app=jaeger query:16686 >app=jaeger";
    private const string Https = "https://elasticsearch.logging:9200", Plain = "http://elasticsearch.logging:9200";

    private static readonly Leadership First = new Leadership.Leader("f1"), Second = new Leadership.Leader("f2"), Follower = new Leadership.Follower("other_1");

    [Theory]
    [InlineData(Elastic, "logging/elasticsearch", "https", "elasticsearch", Https)]
    [InlineData(Jaeger, "tracing/jaeger", "http/jaeger", "jaeger", "http://jaeger.tracing:16686/jaeger")]
    [InlineData(Jaeger, "tracing/jaeger", "https/jaeger", "jaeger", "https://jaeger.tracing:16686/jaeger")]
    [InlineData(Jaeger, "tracing/jaeger", "https/jaeger/ui", "jaeger", "https://jaeger.tracing:16686/jaeger/ui")]
    [InlineData(Jaeger, "tracing/jaeger", "http", "jaeger", "http://jaeger.tracing:16686")]
    public void A_new_backend_is_written_once_and_in_the_form_that_works(string service, string name, string form, string toolset, string url)
    {
        RoundWorld world = new RoundWorld().With(service).Speaking(name, form);
        List<string?> urls = [];
        for (int i = 0; i < 10; i++)
        {
            world.Round().CheckOnce(name);
            if (world.View.Newest is not null && urls.LastOrDefault() != world.UrlOf(toolset))
                urls.Add(world.UrlOf(toolset));
        }

        Assert.Equal([url], urls.OfType<string>());
    }

    [Fact]
    public void A_restart_neither_flips_the_URL_nor_takes_it_away()
    {
        RoundWorld world = Settled(Elastic, "logging/elasticsearch", "https");
        int writes = world.Writes;
        world.Restart().Round(areFirstChecksDone: false).Round();
        Assert.Equal((writes, Https), (world.Writes, world.UrlOf("elasticsearch")));
        Assert.Equal(Https, world.State!.Detected.Matched.Single().Endpoint.ToString());
        world.CheckOnce("logging/elasticsearch").Round().Settle();
        Assert.Equal((writes, Https), (world.Writes, world.UrlOf("elasticsearch")));
    }

    [Fact]
    public void A_first_failure_of_the_form_in_place_changes_nothing()
    {
        RoundWorld world = Settled(Elastic, "logging/elasticsearch", "http");
        int writes = world.Writes;
        world.Restart().Speaking("logging/elasticsearch", "https").Round().CheckOnce("logging/elasticsearch").Round();
        Assert.Equal((writes, Plain), (world.Writes, world.UrlOf("elasticsearch")));
        // The second would have taken it away.
        world.CheckOnce("logging/elasticsearch").Round();
        Assert.Equal((writes + 1, Https), (world.Writes, world.UrlOf("elasticsearch")));
    }

    [Fact]
    public void An_outage_changes_no_form()
    {
        RoundWorld world = Settled(Elastic, "logging/elasticsearch", "https");
        world.Down("logging/elasticsearch").Settle();
        Assert.Equal("kubernetes", world.Keys);
        int writes = world.Writes;
        world.Down().Settle();
        Assert.Equal((writes + 1, Https), (world.Writes, world.UrlOf("elasticsearch")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_spoke_https_is_never_asked_in_plain_again(bool restarts)
    {
        RoundWorld world = Settled(Elastic, "logging/elasticsearch", "https").Speaking("logging/elasticsearch", "http");
        if (restarts)
            world.Restart();
        world.Round().CheckOnce("logging/elasticsearch").Round().CheckOnce("logging/elasticsearch").Settle();
        Assert.Equal("kubernetes", world.Keys);
        Assert.DoesNotContain("elasticsearch-toolset.yaml", world.Present.Data.Keys);
        for (int i = 0; i < 20; i++)
            world.Round().CheckOnce("logging/elasticsearch");
        Assert.Equal("kubernetes", world.Keys);
        // Unless its owner says so.
        world.With($"{Elastic} @toolset=true @type=elasticsearch @scheme=http").Settle();
        Assert.Equal(Plain, world.UrlOf("elasticsearch"));
    }

    [Theory]
    [InlineData("logging/elasticsearch app=elasticsearch http:9200 @toolset=true @type=elasticsearch @scheme=http")]
    [InlineData("logging/elasticsearch app=elasticsearch http:9200+http")]
    public void What_is_said_of_the_scheme_stands_above_what_answers(string service)
    {
        RoundWorld world = new RoundWorld().With(service).Speaking("logging/elasticsearch", "https").Settle();
        Assert.Equal("kubernetes", world.Keys);
    }

    [Fact]
    public void A_health_endpoint_of_its_owner_stands_above_the_list_of_prefixes()
    {
        RoundWorld world = new RoundWorld().With($"{Jaeger} @toolset=true @type=jaeger @health=/x").Speaking("tracing/jaeger", "http/jaeger").Settle();
        Assert.Equal("kubernetes", world.Keys);
    }

    [Fact]
    public void A_tenant_that_changes_its_scheme_each_second_causes_few_writes()
    {
        RoundWorld world = Settled(Elastic, "logging/elasticsearch", "http");
        int writes = world.Writes;
        for (int second = 0; second < 600; second++)
        {
            world.Pass(1).Speaking("logging/elasticsearch", second % 2 == 0 ? "https" : "http");
            if (second % 2 == 1)
                world.With(Elastic);
            world.Round().CheckOnce("logging/elasticsearch").Round();
        }

        // Once to https, and from there nowhere: then it fails half of the time, and the threshold keeps it.
        Assert.InRange(world.Writes - writes, 0, 2);
    }

    [Fact]
    public void Pods_that_differ_do_not_change_the_URL_with_each_check()
    {
        RoundWorld world = Settled(Jaeger, "tracing/jaeger", "http/jaeger");
        int writes = world.Writes;
        for (int i = 0; i < 100; i++)
            world.Speaking("tracing/jaeger", i % 2 == 0 ? "http" : "http/jaeger").Round().CheckOnce("tracing/jaeger").Round();
        Assert.Equal(writes, world.Writes);
    }

    [Fact]
    public void A_follower_takes_over_with_the_URL_that_the_leader_wrote()
    {
        RoundWorld world = new() { Leadership = First };
        world.With(Elastic).Speaking("logging/elasticsearch", "https").Settle();
        int writes = world.Writes;
        Assert.Equal(Https, world.UrlOf("elasticsearch"));
        world.Restart();
        world.Leadership = Follower;
        world.Round(areFirstChecksDone: false).Round();
        world.Leadership = Second;
        world.Round().Round().Round();
        Assert.Equal((writes, Https), (world.Writes, world.UrlOf("elasticsearch")));
    }

    [Fact]
    public void A_follower_that_found_another_form_follows_what_the_leader_writes()
    {
        RoundWorld world = new() { Leadership = First };
        world.With(Elastic).Speaking("logging/elasticsearch", "http").Settle();
        world.Restart();
        world.Leadership = Follower;
        world.Round().Check().Round();
        string text = world.Present.Data["elasticsearch-toolset.yaml"];
        world.Edit(c => c with { Data = c.Data.SetItem("elasticsearch-toolset.yaml", text.Replace("http:", "https:", StringComparison.Ordinal)) });
        world.Round();
        Assert.Equal(Https, world.State!.Detected.Matched.Single().Endpoint.ToString());
        world.Leadership = Second;
        world.Round().Round().Round();
        Assert.Equal(Https, world.UrlOf("elasticsearch"));
    }

    [Fact]
    public void A_follower_that_knows_https_does_not_go_back_to_plain_HTTP_with_the_leader()
    {
        RoundWorld world = new() { Leadership = First };
        world.With(Elastic).Speaking("logging/elasticsearch", "http").Settle();
        world.Restart();
        world.Leadership = Follower;
        world.Round().Check().Speaking("logging/elasticsearch", "https").Round().Check().Round();
        Assert.Equal(Https, world.State!.Detected.Matched.Single().Endpoint.ToString());
        world.Edit(c => c with { Annotations = c.Annotations.SetItem("x", "y") }).Round().Round();
        Assert.Equal(Https, world.State!.Detected.Matched.Single().Endpoint.ToString());
        world.Leadership = Second;
        world.Settle();
        Assert.Equal(Https, world.UrlOf("elasticsearch"));
    }

    [Fact]
    public void A_form_that_nobody_may_choose_is_not_taken_from_the_ConfigMap()
    {
        RoundWorld world = Settled(Jaeger, "tracing/jaeger", "http");
        world.Edit(c => c with { Data = c.Data.SetItem("jaeger-toolset.yaml", c.Data["jaeger-toolset.yaml"].Replace("16686", "16686/evil", StringComparison.Ordinal)) });
        world.Restart().Settle();
        Assert.Equal("http://jaeger.tracing:16686", world.UrlOf("jaeger"));
    }

    [Fact]
    public void What_was_left_out_for_what_it_is_keeps_the_form_in_which_it_is_asked()
    {
        RoundWorld world = new RoundWorld().WithQuestions().With(Elastic).Speaking("logging/elasticsearch", "https").Settle("logging/elasticsearch", "kibana");
        Assert.Equal("kubernetes", world.Keys);
        Assert.Equal(Https, world.Decision!.Asked.Single().Endpoint.ToString());
        world.Answer("logging/elasticsearch", "elasticsearch").Round().Round();
        Assert.Equal(Https, world.State!.Detected.Matched.Single().Endpoint.ToString());
        Assert.Equal(Https, world.Settle("logging/elasticsearch", "elasticsearch").UrlOf("elasticsearch"));
    }

    [Fact]
    public void Where_nothing_changes_what_was_found_is_the_same_object()
    {
        RoundWorld world = Settled(Elastic, "logging/elasticsearch", "https");
        var matched = world.State!.Detected.Matched;
        world.Round().Round();
        Assert.True(matched == world.State.Detected.Matched);
    }

    private static RoundWorld Settled(string service, string name, string form) => new RoundWorld().With(service).Speaking(name, form).Settle();
}
