using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Discovery;

public sealed class NameResolverTests
{
    private const string InA = "a/p app=prometheus web:9090";
    private const string InB = "b/p app=prometheus web:9090";
    private const string AnnotatedInA = "a/q http:80 @toolset=true @type=prometheus";

    [Theory]
    [InlineData("", "", "prometheus=a/p prometheus-b-p=b/p", InA, InB)]
    [InlineData("b", "", "prometheus=b/p prometheus-a-p=a/p", InA, InB)]
    [InlineData("c b a", "", "prometheus=b/p prometheus-a-p=a/p", InA, InB)]
    [InlineData("", "prometheus=b/p", "prometheus=b/p prometheus-a-p=a/p", InA, InB)]
    [InlineData("a", "prometheus=b/p", "prometheus=a/p prometheus-b-p=b/p", InA, InB)]
    [InlineData("", "", "prometheus=b/p prometheus-a-q=a/q", AnnotatedInA, InB)]
    [InlineData("", "prometheus=a/q", "prometheus=b/p prometheus-a-q=a/q", AnnotatedInA, InB)]
    [InlineData("a", "", "prometheus=a/q prometheus-b-p=b/p", AnnotatedInA, InB)]
    [InlineData("", "", "prometheus=a/q", AnnotatedInA)]
    public void The_order_is_preferred_namespace_then_rule_then_incumbent_then_name(
        string preferred, string incumbents, string names, params string[] services) =>
        Assert.Equal(names, Resolve(preferred, incumbents, services));

    [Fact]
    public void A_rule_of_a_higher_priority_comes_first_but_after_the_preferred_namespace()
    {
        Detection.Matched low = Matched(InA), high = Matched(InB) with { Priority = low.Priority + 1 };
        Assert.Equal("b/p", Holder(new NameResolver(BuiltInRules.All, []).Resolve([low, high], Incumbents.None)));
        Assert.Equal("b/p", Holder(new NameResolver(BuiltInRules.All, []).Resolve([low, high], HolderOf("prometheus", "a", "p"))));
        Assert.Equal("a/p", Holder(new NameResolver(BuiltInRules.All, ["a"]).Resolve([low, high], Incumbents.None)));
    }

    [Fact]
    public void The_real_product_comes_before_what_is_compatible_whatever_its_priority_or_whoever_was_there()
    {
        Detection.Matched real = Matched(InB), compatible = Matched(InA) with { IsCompatible = true, Priority = DetectorRule.HighestPriority };
        Assert.Equal("b/p", Holder(new NameResolver(BuiltInRules.All, []).Resolve([compatible, real], Incumbents.None)));
        Assert.Equal("b/p", Holder(new NameResolver(BuiltInRules.All, []).Resolve([compatible, real], HolderOf("prometheus", "a", "p"))));
        Assert.Equal("a/p", Holder(new NameResolver(BuiltInRules.All, ["a"]).Resolve([compatible, real], Incumbents.None)));
        Assert.Equal("a/p", Holder(new NameResolver(BuiltInRules.All, []).Resolve([compatible, Matched(AnnotatedInA)], Incumbents.None)));
    }

    [Theory]
    [InlineData("s=a/s custom-b-s=b/s", "a/s http:80 @toolset=true @type=custom", "b/s http:80 @toolset=true @type=custom")]
    [InlineData("custom-b-t=b/t x=a/s", "a/s http:80 @toolset=true @type=custom @name=x", "b/t http:80 @toolset=true @type=custom @name=x")]
    [InlineData("grafana=a/g prometheus=a/p", InA, "a/g app=grafana service:3000")]
    [InlineData("prometheus=a/p second=b/q", InA, "b/q http:80 @toolset=true @type=prometheus @name=second")]
    public void Who_comes_later_is_called_after_type_namespace_and_Service(string names, params string[] services) =>
        Assert.Equal(Unordered(names), Unordered(Resolve("", "", services)));

    [Theory]
    [InlineData("prometheus")]
    [InlineData("grafana")]
    [InlineData("jaeger")]
    [InlineData("elasticsearch")]
    [InlineData("kubernetes")]
    [InlineData("overrides")]
    [InlineData("custom")]
    public void A_custom_Service_that_bears_a_built_in_name_does_not_become_that_toolset(string name) =>
        Assert.Equal($"custom-a-{name}=a/{name}", Resolve("a", "", $"a/{name} http:80 @toolset=true @type=custom"));

    [Fact]
    public void A_chosen_name_never_pushes_a_built_in_one_aside() =>
        Assert.Equal(
            "custom-a-s=a/s prometheus=a/p prometheus-b-p=b/p",
            Resolve("", "prometheus-b-p=a/s", InA, InB, "a/s http:80 @toolset=true @type=custom @name=prometheus-b-p"));

    [Fact]
    public void Where_two_fallback_names_read_the_same_the_later_one_gets_a_short_hash()
    {
        string names = Resolve("", "", "a/p app=prometheus web:9090", "x/b-c app=prometheus web:9090", "x-b/c app=prometheus web:9090");
        string[] found = names.Split(' ');
        Assert.Equal(["prometheus=a/p", "prometheus-x-b-c=x/b-c"], found[..2]);
        Assert.Matches("^prometheus-x-b-c-[0-9a-f]{8}=x-b/c$", found[2]);
    }

    [Fact]
    public void A_fallback_name_stays_with_its_holder_too()
    {
        string[] services = ["a/p app=prometheus web:9090", "x/b-c app=prometheus web:9090", "x-b/c app=prometheus web:9090"];
        Assert.Contains("prometheus-x-b-c=x-b/c", Resolve("", "prometheus=a/p prometheus-x-b-c=x-b/c", services), StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_in_which_Services_arrive_does_not_matter()
    {
        string[] services = [InB, AnnotatedInA, InA, "c/s http:80 @toolset=true @type=custom @name=prometheus-b-p"];
        Assert.Equal(Resolve("", "", services), Resolve("", "", [.. services.Reverse()]));
    }

    [Fact]
    public void Hundreds_that_want_one_name_all_get_a_name_of_their_own()
    {
        string[] services = [.. Enumerable.Range(0, 300).Select(i => $"n{i % 7}/s{i} app=grafana service:3000")];
        string[] names = [.. Resolve("", "", services).Split(' ').Select(n => n.Split('=')[0])];
        Assert.Equal(300, names.Distinct().Count());
        Assert.Contains("grafana", names);
    }

    private static string Holder(ImmutableArray<NamedEndpoint> names) => names.Single(n => n.Name == "prometheus").Detection.Service.Key.ToString();

    private static string Unordered(string names) => string.Join(' ', names.Split(' ').Order(StringComparer.Ordinal));

    /// <param name="incumbents">Such as <c>prometheus=b/p</c>: name and holder.</param>
    private static string Resolve(string preferred, string incumbents, params string[] services)
    {
        ImmutableArray<Detection.Matched> found = [.. services.Select(Matched)];
        var holders = incumbents.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(i => i.Split('='))
            .ToImmutableSortedDictionary(i => i[0], i => found.Single(f => f.Service.Key.ToString() == i[1]).Service.Key, StringComparer.Ordinal);
        ImmutableArray<NamedEndpoint> named = new NameResolver(BuiltInRules.All, [.. preferred.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
            .Resolve(found, new Incumbents(holders));
        return string.Join(' ', named.Select(n => $"{n.Name}={n.Detection.Service.Key}"));
    }

    private static Incumbents HolderOf(string name, string ns, string service) => new(Incumbents.None.ByName.Add(name, new ObjectKey(ns, service)));

    private static Detection.Matched Matched(string service) =>
        Assert.IsType<Detection.Matched>(new Detector(BuiltInRules.All).Detect(ServiceText.Parse(service)));
}
