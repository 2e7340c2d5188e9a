using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Pipeline;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Rounds;

/// <summary>Where nobody verifies a certificate somebody is told, with what to do.</summary>
public sealed class UnverifiedCertificatesTests
{
    private const string Elasticsearch = "m/e app=elasticsearch https:9200", Orders = "m/orders https:8443 @toolset=true @type=custom", Plain = "m/p app=prometheus web:9090";

    [Fact]
    public void Backends_whose_certificates_nobody_verifies_are_one_problem_with_their_names()
    {
        RoundWorld world = new RoundWorld(HolmesTarget.Compat).TakingAnyCertificate().With(Elasticsearch, Orders, Plain).Settle();
        Problem told = Assert.Single(Problems.Of(world.State!), p => p.Kind == ProblemKind.UnverifiedCertificates);
        Assert.Equal(["elasticsearch", "orders"], told.Names);
        Assert.Contains("the certificates of 2 https backends are not verified", told.Detail, StringComparison.Ordinal);
        Assert.Contains("set HEALTH_CHECK_CA_FILE", told.Detail, StringComparison.Ordinal);
        world.Override("{elasticsearch: {config: {verify_ssl: true}}, orders: {config: {verify_ssl: false}}}").Settle();
        Assert.DoesNotContain(Problems.Of(world.State!), p => p.Kind == ProblemKind.UnverifiedCertificates);
    }

    [Fact]
    public void One_is_told_of_as_one()
    {
        RoundWorld world = new RoundWorld(HolmesTarget.Compat).TakingAnyCertificate().With(Elasticsearch).Settle();
        Problem told = Assert.Single(Problems.Of(world.State!), p => p.Kind == ProblemKind.UnverifiedCertificates);
        Assert.StartsWith("the certificate of 1 https backend is not verified", told.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_they_are_verified_there_is_no_problem()
    {
        RoundWorld world = new RoundWorld(HolmesTarget.Compat).With(Elasticsearch, Plain).Settle();
        Assert.DoesNotContain(Problems.Of(world.State!), p => p.Kind == ProblemKind.UnverifiedCertificates);
    }

    [Theory]
    [InlineData(Elasticsearch, true, "is verified neither by the checks nor by HolmesGPT")]
    [InlineData(Elasticsearch, false, "verified against HEALTH_CHECK_CA_FILE; HolmesGPT verifies it too")]
    [InlineData(Plain, true, null)]
    [InlineData(Plain, false, null)]
    public void An_explanation_says_who_verifies_the_certificate(string service, bool takesAny, string? said)
    {
        var pipeline = new ToolsetPipeline(BuiltInRules.All, [], [], "") { Holmes = new HolmesProfile(HolmesTarget.Compat, []) { TakesAnyCertificate = takesAny } };
        ServiceRecord[] services = [.. ServiceText.ParseAll(service)];
        string? certificate = Assert.Single(pipeline.Explain(services, Incumbents.None)).Certificate;
        Assert.Equal(said is null, certificate is null);
        Assert.Contains(said ?? "", certificate ?? "", StringComparison.Ordinal);
        Assert.Null(Assert.Single((pipeline with { Holmes = null }).Explain(services, Incumbents.None)).Certificate);
    }
}
