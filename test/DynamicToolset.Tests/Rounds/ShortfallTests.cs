using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes;
using DynamicToolset.Overrides;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;

namespace DynamicToolset.Tests.Rounds;

/// <summary>What HolmesGPT will meet at a backend that is well: it is told with the line that mends it, and decides nothing.</summary>
public sealed class ShortfallTests
{
    private const string Prometheus = "m/p app=prometheus web:9090";
    private const string Loki = "m/l app=loki http-metrics:3100";

    [Theory]
    [InlineData(Loki, "", "loki: {config: {headers: {X-Scope-OrgID: '${TOOLSET_LOKI_TENANT}'}}}")]
    [InlineData("m/t app=tempo http:3200", "", "tempo: {config: {headers: {X-Scope-OrgID: '${TOOLSET_TEMPO_TENANT}'}}}")]
    [InlineData("m/mimir app=mimir http:8080", "", "prometheus: {config: {headers: {X-Scope-OrgID: '${TOOLSET_PROMETHEUS_TENANT}'}}}")]
    [InlineData(Loki, "trusted", "loki: {config: {url: 'http://l.m:3100', headers: {X-Scope-OrgID: '${TOOLSET_LOKI_TENANT}'}}}")]
    [InlineData("m/l http:3100 @toolset=true @type=loki @name=null", "", "\"null\": {config: {headers: {X-Scope-OrgID: '${TOOLSET_NULL_TENANT}'}}}")]
    [InlineData("m/l http:3100 @toolset=true @type=loki @name=1e3", "", "\"1e3\": {config: {headers: {X-Scope-OrgID: '${TOOLSET_1E3_TENANT}'}}}")]
    public void The_line_that_names_a_tenant_is_taken_and_reaches_HolmesGPT(string service, string credentialsNamespace, string expected)
    {
        foreach (HolmesTarget target in Enum.GetValues<HolmesTarget>())
        {
            RoundWorld world = Met(new RoundWorld(target, [.. credentialsNamespace.Split(',', StringSplitOptions.RemoveEmptyEntries)]), service, QuestionVerdict.Tenant);
            Problem told = Told(world, ProblemKind.MissingTenant)!;
            Assert.Equal(expected, told.Names[1]);
            Assert.Contains($"write {expected} in overrides.yaml", told.Detail, StringComparison.Ordinal);
            string before = world.Keys, variable = expected.Split("${")[1].Split('}')[0];

            Assert.Null(OverrideParser.Parse(expected).Problem);
            world.Override(expected).Settle();
            Assert.Equal(before, world.Keys);
            Assert.Contains($"${{{variable}}}", world.Present.Data[$"{told.Names[0]}-toolset.yaml"], StringComparison.Ordinal);
            Assert.Contains($"{{{{ env.{variable} }}}}", world.Holmes, StringComparison.Ordinal);
            Assert.Empty(HolmesLinter.Lint(world.Holmes, target, []));
            Assert.Null(Told(world, ProblemKind.MissingTenant));
            Assert.Null(Told(world, ProblemKind.WithheldCredentials));
        }
    }

    [Theory]
    [InlineData(Prometheus, "prometheus")]
    [InlineData("m/j app=jaeger query:16686", "jaeger")]
    [InlineData("m/e app=elasticsearch http:9200", "elasticsearch")]
    [InlineData("m/o app=opensearch http:9200", "opensearch")]
    [InlineData("m/zipkin http:9411", "zipkin")]
    public void The_line_that_switches_off_what_serves_no_data_is_taken_and_HolmesGPT_is_not_led_there(string service, string toolset)
    {
        foreach (HolmesTarget target in Enum.GetValues<HolmesTarget>())
        {
            RoundWorld world = Met(new RoundWorld(target), service, QuestionVerdict.NoData);
            Problem told = Told(world, ProblemKind.NoData)!;
            Assert.Equal($"{toolset}: {{enabled: false}}", told.Names[1]);
            Assert.Contains(told.Names[1], told.Detail, StringComparison.Ordinal);
            string url = world.UrlOf(toolset)!;
            Assert.Contains(url, world.Holmes, StringComparison.Ordinal);

            Assert.Null(OverrideParser.Parse(told.Names[1]).Problem);
            world.Override(told.Names[1]).Settle();
            Assert.Contains("enabled: false", world.Present.Data[$"{toolset}-toolset.yaml"], StringComparison.Ordinal);
            Assert.DoesNotContain(url, world.Holmes, StringComparison.Ordinal);
            Assert.Null(Told(world, ProblemKind.NoData));
        }
    }

    /// <summary>A Grafana shows nobody its folders without the key that HolmesGPT has.</summary>
    [Fact]
    public void Who_has_a_key_may_find_what_we_do_not()
    {
        RoundWorld world = Met(new RoundWorld(HolmesTarget.Compat), "m/g app=grafana service:3000", QuestionVerdict.NoData);
        Assert.Null(Told(world, ProblemKind.NoData));
        Assert.Equal(QuestionVerdict.NoData, world.State!.VerdictOf(world.State.Detected.Matched.Single().EndpointKey));
    }

    [Fact]
    public void What_a_backend_wanted_before_it_went_down_is_known_no_more()
    {
        RoundWorld world = new RoundWorld().With(Prometheus, "m/j app=jaeger query:16686").Locked("m/j").Settle();
        EndpointKey jaeger = world.State!.Detected.Matched.Single(d => d.Type == "jaeger").EndpointKey;
        Assert.Equal(QuestionVerdict.Credentials, world.State.VerdictOf(jaeger));
        world.Down("m/j").Check().Check().Settle();
        Assert.Equal("kubernetes prometheus", world.Keys);
        Assert.Null(world.State.VerdictOf(jaeger));
    }

    /// <summary>A guard may let the question through, and not the check.</summary>
    [Fact]
    public void Whose_question_is_answered_lacks_nothing_whatever_its_check_meets()
    {
        RoundWorld world = new RoundWorld().WithQuestions().With("m/j app=jaeger query:16686").Locked("m/j").Settle("m/j", "jaeger");
        Assert.NotNull(Told(world, ProblemKind.MissingCredentials));
        Assert.Null(Told(world.Meet("m/j", QuestionVerdict.Works).Settle(), ProblemKind.MissingCredentials));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Works")]
    [InlineData("Credentials")]
    [InlineData("Tenant")]
    [InlineData("NoData")]
    public void Whatever_HolmesGPT_will_meet_nothing_is_decided_by_it(string met)
    {
        QuestionVerdict? verdict = met.Length == 0 ? null : Enum.Parse<QuestionVerdict>(met);
        RoundWorld world = new RoundWorld().WithQuestions().With(Prometheus, Loki).Settle(("m/p", "prometheus"), ("m/l", "loki"));
        (int writes, string keys, string holmes) = (world.Writes, world.Keys, world.Holmes);
        Assert.Equal("kubernetes loki prometheus", keys);
        world.Meet("m/p", verdict).Meet("m/l", verdict).Settle();
        Assert.Equal((writes, keys, holmes), (world.Writes, world.Keys, world.Holmes));
        Assert.True(world.State!.IsConverged);
        Assert.All(world.State.Detected.All, d => Assert.IsType<Detection.Matched>(d));
        Assert.All(world.Decision!.Targets, t => Assert.True(world.State.Health.IsHealthy(t.Endpoint)));
    }

    [Fact]
    public void What_nobody_asks_what_it_is_waits_for_nothing() =>
        Assert.Equal("kafka kubernetes", new RoundWorld().WithQuestions().With("m/k app=kafka tcp-client:9092").Round().Check().Settle().Keys);

    [Fact]
    public void Credentials_are_told_once_whether_the_check_met_it_or_the_question()
    {
        RoundWorld world = Met(new RoundWorld(), Prometheus, QuestionVerdict.Credentials);
        string told = Told(world, ProblemKind.MissingCredentials)!.Detail;
        Assert.Equal(told, Told(world.Locked("m/p").Check().Round(), ProblemKind.MissingCredentials)!.Detail);
        world.Meet("m/p", null).Round();
        Assert.Equal(told, Told(world, ProblemKind.MissingCredentials)!.Detail);
        Assert.Null(Told(world.Locked().Check().Round(), ProblemKind.MissingCredentials));
    }

    [Theory]
    [InlineData("{config: {headers: {X-Scope-OrgID: team-a}}}", false)]
    [InlineData("{config: {headers: {x-scope-orgid: '${T}'}}}", false)]
    [InlineData("{enabled: false}", false)]
    [InlineData("{config: {url: 'http://elsewhere:3100'}}", false)]
    // Who knows tenants has none of this name.
    [InlineData("{config: {headers: {X-Scope-OrgID: anonymous}}}", true)]
    [InlineData("{config: {headers: {Authorization: 'Bearer ${T}'}}}", true)]
    public void Whoever_has_named_a_tenant_is_left_in_peace(string wish, bool isTold)
    {
        RoundWorld world = Met(new RoundWorld(), Loki, QuestionVerdict.Tenant).Override($"loki: {wish}").Settle();
        Assert.Equal(isTold, Told(world, ProblemKind.MissingTenant) is not null);
    }

    [Fact]
    public void The_name_of_a_tenant_is_no_credential()
    {
        RoundWorld world = Met(new RoundWorld(), Loki, QuestionVerdict.Credentials).Override("loki: {config: {headers: {X-Scope-OrgID: '${T}'}}}").Settle();
        Assert.NotNull(Told(world, ProblemKind.MissingCredentials));
    }

    [Fact]
    public void A_certificate_that_nobody_verifies_is_told_where_the_answer_is_right()
    {
        RoundWorld world = Met(new RoundWorld().TakingAnyCertificate(), "m/e app=elasticsearch https:9200", QuestionVerdict.Works);
        Detection.Matched found = world.State!.Detected.Matched.Single();
        Assert.Equal(QuestionVerdict.Certificate, world.State.VerdictOf(found, new HashSet<ObjectKey>(world.State.Result.CertificatesUnverified.Select(c => c.Service))));
        Assert.Empty(world.State.Shortfalls);
        Assert.NotNull(Told(world, ProblemKind.UnverifiedCertificates));
    }

    private static RoundWorld Met(RoundWorld world, string service, QuestionVerdict verdict)
    {
        string name = service.Split(' ')[0];
        world.WithQuestions().With(service).Settle(name, null).Meet(name, verdict).Settle();
        return world;
    }

    private static Problem? Told(RoundWorld world, ProblemKind kind) => Problems.Of(world.State!).SingleOrDefault(p => p.Kind == kind);
}
