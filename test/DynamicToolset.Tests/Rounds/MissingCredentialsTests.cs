using DynamicToolset.Holmes;
using DynamicToolset.Overrides;
using DynamicToolset.Rounds;

namespace DynamicToolset.Tests.Rounds;

/// <summary>A backend that wants credentials is a toolset, and what is told then mends it.</summary>
public sealed class MissingCredentialsTests
{
    private const string Prometheus = "m/p app=prometheus web:9090";

    private const string Annotated = "@toolset=true @type=custom";

    [Theory]
    [InlineData(Prometheus, "", "prometheus: {config: {headers: {Authorization: 'Bearer ${TOOLSET_PROMETHEUS_TOKEN}'}}}")]
    [InlineData("m/j app=jaeger query:16686", "", "jaeger: {config: {headers: {Authorization: 'Bearer ${TOOLSET_JAEGER_TOKEN}'}}}")]
    [InlineData("m/e app=elasticsearch http:9200", "", "elasticsearch: {config: {apiKey: '${TOOLSET_ELASTICSEARCH_API_KEY}'}}")]
    [InlineData("m/o app=opensearch http:9200", "", "opensearch: {config: {username: '${TOOLSET_OPENSEARCH_USERNAME}', password: '${TOOLSET_OPENSEARCH_PASSWORD}'}}")]
    [InlineData("m/l app=loki http-metrics:3100", "", "loki: {config: {headers: {Authorization: 'Bearer ${TOOLSET_LOKI_TOKEN}'}}}")]
    [InlineData("m/r app=rabbitmq management:15672", "trusted", "rabbitmq: {config: {url: 'http://r.m:15672', username: '${TOOLSET_RABBITMQ_USERNAME}', password: '${TOOLSET_RABBITMQ_PASSWORD}'}}")]
    [InlineData("m/argocd-server http:80", "trusted", "argocd: {config: {url: 'http://argocd-server.m:80', apiKey: '${TOOLSET_ARGOCD_API_KEY}'}}")]
    [InlineData("m/shop-api http:80 " + Annotated, "", "shop-api: {config: {headers: {Authorization: 'Bearer ${TOOLSET_SHOP_API_TOKEN}'}}}")]
    [InlineData("m/9 http:80 " + Annotated, "", "\"9\": {config: {headers: {Authorization: 'Bearer ${TOOLSET_9_TOKEN}'}}}")]
    [InlineData("m/null http:80 " + Annotated, "", "\"null\": {config: {headers: {Authorization: 'Bearer ${TOOLSET_NULL_TOKEN}'}}}")]
    [InlineData("m/g app=grafana service:3000", "trusted", "grafana: {config: {url: 'http://g.m:3000', apiKey: '${TOOLSET_GRAFANA_API_KEY}'}}")]
    [InlineData(Prometheus, "trusted", "prometheus: {config: {url: 'http://p.m:9090', headers: {Authorization: 'Bearer ${TOOLSET_PROMETHEUS_TOKEN}'}}}")]
    public void The_override_that_is_told_is_taken_and_gives_HolmesGPT_the_credentials(string service, string credentialsNamespace, string expected)
    {
        foreach (HolmesTarget target in Enum.GetValues<HolmesTarget>())
        {
            var world = new RoundWorld(target, [.. credentialsNamespace.Split(',', StringSplitOptions.RemoveEmptyEntries)]);
            string name = service.Split('/', ' ')[1];
            world.With(service).Locked($"m/{name}").Settle().Round();
            Problem told = Told(world)!;
            Assert.Equal(expected, told.Names[1]);
            Assert.Contains(expected, told.Detail, StringComparison.Ordinal);
            Assert.Equal(credentialsNamespace.Length > 0, told.Detail.Contains("m is not one of CREDENTIALS_NAMESPACES", StringComparison.Ordinal));
            string before = world.Keys, variable = expected.Split("${")[1].Split('}')[0];
            Assert.Contains(variable, told.Detail, StringComparison.Ordinal);

            Assert.Null(OverrideParser.Parse(expected).Problem);
            world.Override(expected).Settle();
            Assert.Equal(before, world.Keys);
            Assert.Contains($"${{{variable}}}", world.Present.Data[$"{told.Names[0]}-toolset.yaml"], StringComparison.Ordinal);
            Assert.Matches($$$"""\$\{{{{variable}}}:\?|\{\{ env.{{{variable}}} \}\}""", world.Holmes);
            Assert.Empty(HolmesLinter.Lint(world.Holmes, target, []));
            Assert.DoesNotContain(Problems.Of(world.State!), p => p.Kind is ProblemKind.MissingCredentials or ProblemKind.LeftOutForHolmes or ProblemKind.WithheldCredentials);
        }
    }

    [Theory]
    [InlineData("{config: {headers: {Authorization: 'Bearer ${T}'}}}", false)]
    [InlineData("{config: {headers: {X-Api-Key: '${T}'}}}", false)]
    [InlineData("{config: {additional_headers: {Cookie: '${T}'}}}", false)]
    [InlineData("{enabled: false}", false)]
    [InlineData("{config: {url: 'http://elsewhere:9090'}}", false)]
    [InlineData("{config: {headers: {X-Scope-OrgID: team-a}}}", true)]
    [InlineData("{config: {headers: {Authorization: null}}}", true)]
    // HolmesGPT's toolset has no such key, so nothing of it gets there.
    [InlineData("{config: {apiKey: '${T}'}}", true)]
    [InlineData("{config: {username: '${U}', password: '${T}'}}", true)]
    // Written out it is left out of the file.
    [InlineData("{config: {headers: {Authorization: 'Bearer abc'}}}", true)]
    [InlineData("{config: {timeout: 5s}}", true)]
    public void Whoever_has_given_credentials_is_left_in_peace(string wish, bool isTold)
    {
        RoundWorld world = new RoundWorld().With(Prometheus).Locked("m/p").Settle().Override($"prometheus: {wish}").Settle();
        Assert.Equal(isTold, Told(world) is not null);
    }

    [Fact]
    public void Without_a_file_for_HolmesGPT_whatever_is_written_counts()
    {
        RoundWorld world = new RoundWorld(target: null).With(Prometheus).Locked("m/p").Settle();
        Assert.NotNull(Told(world));
        Assert.Null(Told(world.Override("prometheus: {apiKey: '${T}'}").Settle()));
    }

    [Fact]
    public void A_Grafana_has_the_key_that_is_generated() =>
        Assert.Null(Told(new RoundWorld().With("m/g app=grafana service:3000").Locked("m/g").Settle()));

    [Fact]
    public void Wanting_credentials_begins_and_ends_without_a_write_and_an_outage_ends_it_not()
    {
        RoundWorld world = new RoundWorld().With(Prometheus, "m/g app=grafana service:3000").Settle();
        int writes = world.Writes;
        Assert.Null(Told(world));
        Assert.NotNull(Told(world.Locked("m/p").Check().Round()));
        Assert.NotNull(Told(world.Down("m/p").CheckOnce("m/p").Round()));
        Assert.Null(Told(world.Down().Locked().Check().Round()));
        Assert.Equal(writes, world.Writes);
    }

    [Fact]
    public void All_that_want_credentials_are_no_panic_and_vouch_for_each_other()
    {
        RoundWorld world = new RoundWorld().With(Prometheus, "m/g app=grafana service:3000").Locked("m/p", "m/g").Settle();
        Assert.False(world.State!.Health.IsPanic);
        world.Down("m/g").CheckOnce("m/g").CheckOnce("m/p", "m/g").CheckOnce("m/g").Settle();
        Assert.Equal("kubernetes prometheus", world.Keys);
    }

    private static Problem? Told(RoundWorld world) => Problems.Of(world.State!).SingleOrDefault(p => p.Kind == ProblemKind.MissingCredentials);
}
