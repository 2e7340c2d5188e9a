using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Tests.HolmesGeneration;

/// <summary>What a check says of an https backend has to hold for HolmesGPT too, which verifies certificates unless it is told otherwise.</summary>
public sealed class CertificateTests
{
    public static TheoryData<string, HolmesTarget, string> Places => new()
    {
        { "prometheus", HolmesTarget.Compat, "prometheus_ssl_enabled: false" },
        { "prometheus", HolmesTarget.Current, "verify_ssl: false" },
        { "grafana", HolmesTarget.Compat, "verify_ssl: false" },
        { "grafana", HolmesTarget.Current, "verify_ssl: false" },
        { "elasticsearch", HolmesTarget.Compat, " --insecure " },
        { "elasticsearch", HolmesTarget.Current, "verify_ssl: false" },
        { "jaeger", HolmesTarget.Compat, " --insecure " },
        { "jaeger", HolmesTarget.Current, " --insecure " },
        { "custom", HolmesTarget.Compat, " --insecure " },
        { "custom", HolmesTarget.Current, "verify_ssl: false" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void What_no_check_verified_HolmesGPT_is_told_not_to_verify(string type, HolmesTarget target, string told)
    {
        HolmesFile file = Make(target, takesAny: true, OfService(type));
        Assert.Contains(told, file.Text, StringComparison.Ordinal);
        Assert.Empty(HolmesLinter.Lint(file.Text, target, []));
        UnverifiedCertificate unverified = Assert.Single(UnverifiedCertificate.In([OfService(type)], file));
        Assert.Equal((type, new ObjectKey("a", "b")), (unverified.Toolset, unverified.Service));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void What_was_verified_is_nowhere_told_to_be_taken_as_it_is(string type, HolmesTarget target, string told) =>
        AssertNotTold(target, takesAny: false, OfService(type), told);

    [Theory]
    [MemberData(nameof(Places))]
    public void Where_an_admin_wants_it_verified_it_is(string type, HolmesTarget target, string told) =>
        AssertNotTold(target, takesAny: true, OfService(type, ("verify_ssl", new ToolsetValue.Flag(true))), told);

    [Theory]
    [MemberData(nameof(Places))]
    public void Over_http_there_is_nothing_to_verify(string type, HolmesTarget target, string told) =>
        AssertNotTold(target, takesAny: true, OfService(type, "http"), told);

    /// <summary>Nobody has checked it, so nothing is known of its certificate, and nothing weaker is written.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void A_URL_of_an_admins_is_verified_as_HolmesGPT_does(string type, HolmesTarget target, string told) =>
        AssertNotTold(target, takesAny: true, OfService(type, "https", "https://elsewhere.example.com:8443"), told);

    [Theory]
    [InlineData("verify_ssl")]
    [InlineData("prometheus_ssl_enabled")]
    public void Either_name_of_the_switch_counts_for_Prometheus(string key)
    {
        Toolset toolset = OfService("prometheus", (key, new ToolsetValue.Flag(true)));
        HolmesFile file = Make(HolmesTarget.Compat, takesAny: true, toolset);
        Assert.Contains("prometheus_ssl_enabled: true\n", file.Text, StringComparison.Ordinal);
        Assert.Empty(UnverifiedCertificate.In([toolset], file));
    }

    [Fact]
    public void Each_instance_is_told_what_its_own_check_found()
    {
        Toolset other = OfService("grafana", "http") with { Name = "other" };
        string[] instances = Make(HolmesTarget.Current, takesAny: true, OfService("grafana"), other).Text.Split("- name: ")[1..3];
        Assert.Equal([true, false], instances.Select(i => i.Contains("verify_ssl: false", StringComparison.Ordinal)));
    }

    /// <summary>One that is switched off, or that HolmesGPT has no place for, it does not ask.</summary>
    [Fact]
    public void Of_what_HolmesGPT_does_not_ask_nothing_is_told()
    {
        Toolset first = OfService("grafana"), second = OfService("grafana") with { Name = "second" };
        Toolset off = OfService("jaeger") with { Body = ToolsetValue.Map.Of(("enabled", new ToolsetValue.Flag(false))) };
        ImmutableArray<Toolset> toolsets = [first, second, off];
        Assert.Equal(["grafana"], UnverifiedCertificate.In(toolsets, Make(HolmesTarget.Compat, takesAny: true, [.. toolsets])).Select(u => u.Toolset));
        Assert.Empty(UnverifiedCertificate.In(toolsets, null));
    }

    private static void AssertNotTold(HolmesTarget target, bool takesAny, Toolset toolset, string told)
    {
        HolmesFile file = Make(target, takesAny, toolset);
        Assert.DoesNotContain(told, file.Text, StringComparison.Ordinal);
        Assert.Empty(UnverifiedCertificate.In([toolset], file));
        Assert.Empty(file.LeftOut);
    }

    private static HolmesFile Make(HolmesTarget target, bool takesAny, params ImmutableArray<Toolset> toolsets) =>
        new HolmesGenerator(new HolmesProfile(target, []) { TakesAnyCertificate = takesAny }).Generate(toolsets);

    private static Toolset OfService(string type, params (string, ToolsetValue)[] config) => OfService(type, "https", null, config);

    private static Toolset OfService(string type, string scheme, string? url = null, params (string, ToolsetValue)[] config)
    {
        EndpointUrl endpoint = EndpointUrl.TryCreate(scheme, new ObjectKey("a", "b"), 8443, "")!;
        var check = new HealthCheckTarget(endpoint, "/health", AcceptedStatuses.Default);
        var body = ToolsetValue.Map.Of(("config", ToolsetValue.Map.Of([("url", new ToolsetValue.Text(url ?? endpoint.ToString())), .. config])));
        return new Toolset(type, type, body, new ToolsetSource.Service(new ObjectKey("a", "b")) { Check = check });
    }
}
