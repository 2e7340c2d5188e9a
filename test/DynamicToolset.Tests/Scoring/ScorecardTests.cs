using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Rules;
using DynamicToolset.Score;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Scoring;

public sealed class ScorecardTests
{
    private const string Prometheus = "m/p app=prometheus web:9090";
    private static readonly WantedBackend Wanted = new("prometheus", "http", 9090, IsPrimary: true, IsSchemeVisible: true, []);

    [Fact]
    public void A_backend_found_at_its_port_is_right()
    {
        TypeScore score = ScoreOf(Labeled(Prometheus, Wanted));
        Assert.Equal((1, 1.0, 1.0, 1.0, 0, 1, 1), Figures(score));
        Assert.Empty(score.Mistakes);
    }

    [Fact]
    public void A_backend_that_is_not_found_costs_recall_and_its_install()
    {
        TypeScore score = ScoreOf(Labeled(Prometheus, Wanted), Labeled("n/q foo:1", Wanted) with { Install = "other" });
        Assert.Equal((2, 0.5, 0.5, 1.0, 0, 2, 1), Figures(score));
        Assert.Equal(["missed or wrong: n/q of other, wanted prometheus http:9090, found nothing"], score.Mistakes);
    }

    [Theory]
    [InlineData("https", 9090)]
    [InlineData("http", 9091)]
    public void A_wrong_URL_is_no_right_one(string scheme, int port)
    {
        TypeScore score = ScoreOf(Labeled(Prometheus, Wanted with { Scheme = scheme, Port = port }));
        Assert.Equal((1, 0.0, 0.0, 1.0, 0, 1, 1), Figures(score));
        Assert.Equal([$"missed or wrong: m/p of install, wanted prometheus {scheme}:{port}, found prometheus http:9090"], score.Mistakes);
    }

    [Fact]
    public void A_scheme_that_nothing_shows_costs_recall_alone() => Assert.Equal(
        (2, 0.5, 1.0, 1.0, 0, 1, 1),
        Figures(ScoreOf(Labeled(Prometheus, Wanted), Labeled("m/q app=prometheus web:9090", Wanted with { Scheme = "https", IsSchemeVisible = false }))));

    [Fact]
    public void What_is_not_one_costs_precision_and_its_install()
    {
        TypeScore score = ScoreOf(Labeled(Prometheus, Wanted), Labeled("m/q app=prometheus web:9090", null));
        Assert.Equal((1, 1.0, 1.0, 0.5, 0, 1, 0), Figures(score));
        Assert.Equal(["not one: m/q of install, wanted nothing, found prometheus http:9090"], score.Mistakes);
    }

    [Fact]
    public void A_second_Service_of_one_backend_costs_its_install() => Assert.Equal(
        (1, 1.0, 1.0, 1.0, 1, 1, 0),
        Figures(ScoreOf(Labeled(Prometheus, Wanted), Labeled("m/q app=prometheus web:9090", Wanted with { IsPrimary = false }))));

    [Fact]
    public void What_speaks_the_same_API_may_be_found() => Assert.Equal(
        (1, 1.0, 1.0, 1.0, 0, 1, 1),
        Figures(ScoreOf(
            Labeled(Prometheus, Wanted), Labeled("n/q app=prometheus web:9090", Wanted with { Type = "thanos", AlsoAcceptable = ["prometheus"] }) with { Install = "other" })));

    [Fact]
    public void Twins_are_told_within_an_install_only()
    {
        LabeledService one = Labeled(Prometheus + " >app=prometheus", Wanted);
        Assert.Equal((2, 1.0, 1.0, 1.0, 0, 2, 2), Figures(ScoreOf(one, one with { Install = "other" })));
    }

    [Fact]
    public void A_line_of_a_corpus_is_a_Service_and_what_it_is()
    {
        string line = """
            {"id": "1", "install": "i", "service": {"name": "s", "namespace": "n", "labels": {"app": "x"}, "annotations": {"a": "b"}, "headless": true,
             "ports": [{"name": "web", "port": 9090, "targetPort": 8080}], "selector": {"app": "x"}},
             "expected": {"type": "thanos", "port": 9090, "scheme": "https", "primary": false, "schemeVisible": false, "alsoAcceptable": ["prometheus"]}}
            """.ReplaceLineEndings("");
        LabeledService read = Assert.Single(CorpusReader.Read([line, ""]));
        Assert.Equal(("i", new ObjectKey("n", "s"), ServiceKind.Headless), (read.Install, read.Service.Key, read.Service.Kind));
        Assert.Equal([new ServicePort("web", 9090, TargetPort: "8080")], read.Service.Ports);
        Assert.Equal(("x", "x", "b"), (read.Service.Labels["app"], read.Service.Selector["app"], read.Service.Annotations["a"]));
        Assert.Equal(("thanos", "https", 9090, false, false), (read.Wanted!.Type, read.Wanted.Scheme, read.Wanted.Port, read.Wanted.IsPrimary, read.Wanted.IsSchemeVisible));
        Assert.Equal(["prometheus"], read.Wanted.AlsoAcceptable);
    }

    [Theory]
    [InlineData("""{"install": "i", "service": {"name": "s", "namespace": "n", "ports": []}, "whyNot": "x"}""", "s")]
    [InlineData("""{"install": "i", "service": {"name": "s", "namespace": "n", "ports": [], "type": "NodePort"}, "expected": {"type": "x", "port": 1, "scheme": "http", "primary": true}}""", "s")]
    [InlineData("""{"install": "i", "service": {"name": "NoName", "namespace": "n", "ports": []}, "whyNot": "x"}""", "")]
    public void What_a_line_leaves_out_is_as_in_a_manifest(string line, string names) =>
        Assert.Equal(names, string.Join(' ', CorpusReader.Read([line]).Select(s => s.Service.Key.Name)));

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"install": "i", "service": []}""")]
    [InlineData("""{"service": {"name": "s", "namespace": "n", "ports": []}}""")]
    [InlineData("""{"install": "i", "service": {"name": "s", "namespace": "n", "ports": []}, "expected": {"type": "x", "scheme": "http", "primary": true}}""")]
    [InlineData("""{"install": "i", "service": {"name": "NoName", "namespace": "n", "ports": []}, "expected": {"type": "x", "port": 1, "scheme": "http", "primary": true}}""")]
    public void A_line_that_is_no_labeled_Service_is_told_by_its_number(string line)
    {
        FormatException error = Assert.Throws<FormatException>(() => CorpusReader.Read(["", line]));
        Assert.StartsWith("line 2 is no labeled Service: ", error.Message, StringComparison.Ordinal);
    }

    private static LabeledService Labeled(string line, WantedBackend? wanted) => new("install", ServiceText.Parse(line), wanted);

    private static TypeScore ScoreOf(params LabeledService[] services) =>
        Scorecard.Of(new Detector(BuiltInRules.All), services).Types.Single(t => t.Type == "prometheus");

    private static (int Backends, double Recall, double Visible, double Precision, int Twins, int Installs, int Exact) Figures(TypeScore score) =>
        (score.Backends, score.Recall, score.VisibleRecall, score.Precision, score.Twins, score.Installs, score.ExactInstalls);
}
