using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Pipeline;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Discovery;

public sealed class ExplainerTests
{
    private const string InA = "a/p app=prometheus web:9090";
    private const string InB = "b/p app=prometheus web:9090";

    [Theory]
    [InlineData("", "", "prometheus-b-p, since a/p has prometheus: its namespace and name come first", InA, InB)]
    [InlineData("b", "", "prometheus", InA, InB)]
    [InlineData("a", "", "prometheus-b-p, since a/p has prometheus: PREFERRED_NAMESPACES puts its namespace first", InA, InB)]
    [InlineData("", "a/p", "prometheus-b-p, since a/p has prometheus: it has it already", InA, InB)]
    [InlineData("", "", "prometheus-b-p, since c/p has prometheus: a rule found it, but only an annotation names this one", "b/p http:80 @toolset=true @type=prometheus", "c/p app=prometheus web:9090")]
    [InlineData("", "", "custom-b-p, since nobody has prometheus: it is a built-in name", "b/prometheus http:80 @toolset=true @type=custom")]
    [InlineData("", "", "custom-b-p, since a/p has x: its namespace and name come first", "a/p http:80 @toolset=true @type=custom @name=x", "b/p http:80 @toolset=true @type=custom @name=x")]
    [InlineData("", "", "custom-b-p, since x/y has prometheus-x-y: toolsets named like their type get their names first", InA, "x/y app=prometheus web:9090", "b/p http:80 @toolset=true @type=custom @name=prometheus-x-y")]
    public void A_name_that_was_lost_is_told_with_its_holder_and_the_reason(string preferred, string incumbent, string told, params string[] services)
    {
        ImmutableArray<ServiceExplanation> all = Explain(preferred, incumbent, services);
        ServiceExplanation inB = all.Single(e => e.Service.Key.Namespace == "b");
        string name = inB.Toolset!.Replace("custom-b-prometheus", "custom-b-p", StringComparison.Ordinal);
        Assert.Equal(told, inB.Lost is { } lost ? $"{name}, since {lost.Holder?.ToString() ?? "nobody"} has {lost.Name}: {lost.Reason}" : name);
    }

    [Fact]
    public void What_stands_by_says_for_whom_and_how_to_have_both()
    {
        ServiceExplanation thanos = Explain("", "", "m/p app=prometheus web:9090", "m/thanos app=thanos-query http:9090").Single(e => e.Service.Key.Name == "thanos");
        Assert.Equal((null, "m/p", "prometheus"), (thanos.Toolset, thanos.StandsInFor?.ToString(), thanos.Match?.Type));
        Assert.Equal("toolset=true toolset-type=prometheus", Describe(thanos.Advice));
        Assert.Null(Explain("m/thanos app=thanos-query http:9090").StandsInFor);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("m/p", "prometheus-m-thanos")]
    [InlineData("m/p m/thanos", null)]
    public void What_stands_in_now_is_told_with_its_toolset(string down, string? toolset)
    {
        ImmutableArray<ServiceExplanation> all = new ToolsetPipeline(BuiltInRules.All, [], [], "").Explain(
            ServiceText.ParseAll("m/p app=prometheus web:9090", "m/thanos app=thanos-query http:9090"),
            new Incumbents(Incumbents.None.ByName.Add("prometheus", new ObjectKey("m", "p"))),
            isHealthy: d => !down.Split(' ').Contains(d.Service.Key.ToString()));
        Assert.Equal(["prometheus", toolset], all.Select(e => e.Toolset));
        Assert.Equal("m/p", all[1].StandsInFor?.ToString());
    }

    [Theory]
    [InlineData("", "m/p none")]
    [InlineData("m/p", "m/q none")]
    [InlineData("m/p m/q", "m/p prometheus-m-thanos")]
    public void What_has_no_toolset_names_the_real_one_that_answers(string down, string told)
    {
        ServiceExplanation thanos = new ToolsetPipeline(BuiltInRules.All, [], [], "").Explain(
            ServiceText.ParseAll("m/p app=prometheus web:9090", "m/q app=prometheus web:9090", "m/thanos app=thanos-query http:9090"),
            new Incumbents(Incumbents.None.ByName.Add("prometheus", new ObjectKey("m", "p"))),
            isHealthy: d => !down.Split(' ').Contains(d.Service.Key.ToString())).Single(e => e.Service.Key.Name == "thanos");
        Assert.Equal(told, $"{thanos.StandsInFor} {thanos.Toolset ?? "none"}");
    }

    [Theory]
    [InlineData("m/e app=elasticsearch https:9200", "the port's name starts with https")]
    [InlineData("m/e app=elasticsearch http:9200+https", "its appProtocol is https")]
    [InlineData("m/e app=elasticsearch https:9200+http", "its appProtocol is http")]
    [InlineData("m/e app=elasticsearch http:9200", "nothing shows https")]
    [InlineData("m/e app=elasticsearch http:9200 @serving-cert=tls", "it has the annotation service.beta.openshift.io/serving-cert-secret-name")]
    [InlineData("m/s api:443 @toolset=true @type=custom", "the port's number is 443")]
    [InlineData("m/s api:443 @toolset=true @type=custom @scheme=http", "kubernaut.io/toolset-scheme says so")]
    public void The_scheme_has_a_reason(string service, string reason) => Assert.Equal(reason, Explain(service).SchemeReason);

    [Theory]
    [InlineData("m/dashboards app=grafanna service:3000", "toolset=true toolset-type=grafana")]
    [InlineData("m/grafana a:1 b:2", "toolset=true toolset-type=grafana toolset-port=1, or 2 (b)")]
    [InlineData("m/shop a:1 b:2 http:3 http-admin:4", "toolset=true toolset-type=custom toolset-port=3, or 4 (http-admin)")]
    [InlineData("m/shop http:80", "toolset=true toolset-type=custom")]
    [InlineData("m/shop http:80 @toolset=maybe", "replaced: toolset=true toolset-type=custom")]
    [InlineData("m/grafana http:80 @toolset=true", "toolset-type=grafana")]
    [InlineData("m/grafana http:80 @toolset=true @type=Grafana", "replaced: toolset-type=grafana")]
    [InlineData("m/shop a:1 b:2 @toolset=true @type=custom", "toolset-port=1, or 2 (b)")]
    [InlineData("m/shop a:1 @toolset=true @type=custom @port=2", "replaced: toolset-port=1")]
    [InlineData("m/shop a:1 @toolset=true @type=custom @name=A_B", "none")]
    [InlineData("m/grafana service:3000 ExternalName", "none")]
    [InlineData("m/grafana", "none")]
    [InlineData("m/grafana app=grafana service:3000", "none")]
    public void The_advice_is_the_least_that_makes_it_a_toolset(string service, string advice) => Assert.Equal(advice, Describe(Explain(service).Advice));

    [Fact]
    public void Nobody_is_asked_to_change_what_somebody_else_puts_back()
    {
        const string service = "m/dashboards app=grafanna service:3000";
        Assert.NotNull(Explain(service).Closest!.Remedy);
        ServiceExplanation kept = Explain($"{service} app.kubernetes.io/managed-by=grafana-operator");
        Assert.Null(kept.Closest!.Remedy);
        Assert.NotEmpty(kept.Advice!.Annotations);
    }

    [Fact]
    public void Who_is_not_considered_takes_nothing_from_the_others()
    {
        var pipeline = new ToolsetPipeline(BuiltInRules.All, ["b"], [], "");
        ImmutableArray<ServiceExplanation> all = pipeline.Explain(ServiceText.ParseAll(InA, InB), Incumbents.None);
        Assert.Equal([("a/p", false, null, null), ("b/p", true, "prometheus", "prometheus")], all.Select(e => ($"{e.Service.Key}", e.IsConsidered, e.Toolset, e.Match?.Type)));
    }

    [Fact]
    public void One_alone_is_explained_as_it_is_among_all()
    {
        var pipeline = new ToolsetPipeline(BuiltInRules.All, ["a", "b", "m"], ["b"], "");
        ImmutableArray<ServiceRecord> services = ServiceText.ParseAll(
            InA, InB, "a/p2 app=prometheus web:9090 >app=prometheus", "a/p3 app=prometheus web:9090 >app=prometheus", "m/dashboards app=grafanna service:3000",
            "m/p app=prometheus web:9090", "m/thanos app=thanos-query http:9090", "m/shop http:80", "m/own a:1 b:2 @toolset=true @type=custom", "z/p app=prometheus web:9090");
        var incumbents = new Incumbents(Incumbents.None.ByName.Add("prometheus", new ObjectKey("m", "p")));
        ImmutableArray<Detection> detections = [.. pipeline.Detect(services).Where(d => d is not Detection.NotMatched)];
        ImmutableArray<ServiceExplanation> all = pipeline.Explain(services, incumbents, overrides: null, IsHealthy);
        Assert.Equal(services.Select(s => s.Key).Order(), all.Select(e => e.Service.Key));
        Assert.All(all, e => Assert.Equal(Describe(e), Describe(pipeline.ExplainOne(e.Service, detections, incumbents, overrides: null, IsHealthy))));

        static bool IsHealthy(Detection.Matched detection) => detection.Service.Key.Name != "p";
    }

    private static string Describe(ServiceExplanation e) =>
        $"{e.Service.Key} {e.Detection.GetType().Name} {e.IsConsidered} {e.Toolset} {e.Lost} {e.SchemeReason} {e.StandsInFor} {Describe(e.Advice)} {string.Join('|', e.Verdicts)}";

    [Theory]
    [InlineData("m/p app=prometheus web:9090", true)]
    [InlineData("m/p web:9090 @toolset=false", true)]
    [InlineData("m/p web:9090 @toolset=x", true)]
    [InlineData("m/grafana http:80", true)]
    [InlineData("m/shop web:9090", false)]
    public void A_Service_is_notable_where_it_is_something_or_nearly_is(string service, bool isNotable) => Assert.Equal(isNotable, Explain(service).IsNotable);

    private static string Describe(AnnotationAdvice? advice)
    {
        if (advice is null)
            return "none";
        string set = string.Join(' ', advice.Annotations.Select(a => $"{a.Key["kubernaut.io/".Length..]}={a.Value}"));
        string others = advice.OtherPorts.IsEmpty ? "" : $", or {string.Join(", ", advice.OtherPorts.Select(p => p.Describe()))}";
        return (advice.Replaces ? "replaced: " : "") + set + others;
    }

    private static ServiceExplanation Explain(string service) => Explain("", "", service)[0];

    /// <param name="incumbent">The Service that has the name prometheus already; empty for nobody.</param>
    private static ImmutableArray<ServiceExplanation> Explain(string preferred, string incumbent, params string[] services)
    {
        var pipeline = new ToolsetPipeline(BuiltInRules.All, [], preferred.Length == 0 ? [] : [preferred], "");
        string[] holder = incumbent.Split('/');
        Incumbents incumbents = incumbent.Length == 0
            ? Incumbents.None
            : new Incumbents(Incumbents.None.ByName.Add("prometheus", new ObjectKey(holder[0], holder[1])));
        return pipeline.Explain(ServiceText.ParseAll(services), incumbents);
    }
}
