using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using DynamicToolset.Discovery;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Discovery;

public sealed class TwinsTests
{
    // A row is "Services | who gives way to whom"; the key "component" tells roles apart.
    [Theory]
    [InlineData("a >app=x", "")]
    [InlineData("a >app=x Headless", "")]
    [InlineData("a >app=x; b >app=x", "b->a")]
    [InlineData("a >app=x; b >app=x >instance=1", "b->a")]
    [InlineData("a >app=x >instance=1; b >app=x", "a->b")]
    [InlineData("a >app=x >instance=1; b >app=x >instance=2", "")]
    [InlineData("a >app=x; b >name=x", "")]
    [InlineData("a >app=x >instance=1; b >app=x >release=1", "")]
    [InlineData("n/a >app=x; m/b >app=x", "")]
    public void Services_are_twins_where_one_selects_all_that_the_other_does(string services, string givingWay) =>
        Assert.Equal(givingWay, Find(services));

    [Theory]
    [InlineData("a >app=x Headless; b >app=x", "a->b")]
    [InlineData("a >app=x Headless; b >app=x >instance=1 NodePort", "a->b")]
    [InlineData("a >app=x Headless; b >app=x >instance=1 Headless", "b->a")]
    [InlineData("a >app=x Headless; b >name=x", "")]
    [InlineData("a >app=x >instance=1 Headless; b >app=x >release=1", "")]
    [InlineData("prometheus >app=x Headless; prometheus-headless >app=y", "")]
    public void A_headless_one_gives_way_to_one_before_the_same_pods_and_to_no_other(string services, string givingWay) =>
        Assert.Equal(givingWay, Find(services));

    [Theory]
    [InlineData("a >app=x Headless beforeAll; b >name=x", "a->b")]
    [InlineData("a >app=x beforeAll; b >name=x Headless", "b->a")]
    [InlineData("a >app=x >instance=1 Headless beforeAll; b >app=x >release=1", "a->b")]
    [InlineData("a >app=x >instance=2 Headless beforeAll; b >app=x >instance=1", "")]
    [InlineData("a Headless beforeAll; b >app=x", "")]
    public void One_before_the_pods_of_all_instances_is_a_twin_of_all_that_it_does_not_contradict(string services, string givingWay) =>
        Assert.Equal(givingWay, Find(services));

    [Theory]
    [InlineData("a; b")]
    [InlineData("a; b >app=x")]
    [InlineData("a Headless; b")]
    [InlineData("a Headless; b >app=x")]
    [InlineData("a >component=query; b >component=master")]
    [InlineData("a >component=query Headless; b >component=master")]
    [InlineData("a >component=query Headless; b >app=x")]
    [InlineData("a; a-headless Headless")]
    [InlineData("a ExternalName; b ExternalName")]
    public void Selectors_that_say_nothing_make_no_twins(string services) => Assert.Equal("", Find(services));

    [Theory]
    [InlineData("master >app=x >component=master; data >app=x >component=data", "master->data")]
    [InlineData("a >app=x >component=master; b >app=x >component=data >instance=1", "b->a")]
    [InlineData("a >app=x >component=query; b >app=x", "a->b")]
    [InlineData("a >app=x >component=query Headless; b >app=x >component=server", "a->b")]
    [InlineData("a >component=query; b >component=query", "b->a")]
    [InlineData("a >app=x >component=server; b >app=y >component=server", "")]
    public void The_roles_of_one_backend_are_twins(string services, string givingWay) => Assert.Equal(givingWay, Find(services));

    // Each row is decided by the first rule that tells the two apart, and would be decided otherwise by all that follow.
    [Theory]
    [InlineData("a >app=x compatible priority:900 prefer:0", "operated >app=x >instance=1 Headless")]
    [InlineData("a >app=x Headless priority:900 prefer:0", "long-name >app=x >instance=1 NodePort")]
    [InlineData("a >app=x prefer:0", "long-name >app=x >instance=1 NodePort priority:101")]
    [InlineData("a >app=x prefer:1", "long-name >app=x >instance=1 NodePort prefer:0")]
    [InlineData("a >app=x", "long-name >app=x >instance=1 NodePort prefer:7")]
    [InlineData("a >app=x >component=query", "long-name >app=x NodePort")]
    [InlineData("a >app=x LoadBalancer", "long-name >app=x")]
    [InlineData("a >app=x NodePort", "long-name >app=x LoadBalancer")]
    [InlineData("aaa >app=x", "zz >app=x")]
    [InlineData("z >app=x", "a >app=x")]
    public void The_one_that_stays_is_the_best(string givesWay, string stays)
    {
        string expected = $"{givesWay.Split(' ')[0]}->{stays.Split(' ')[0]}";
        Assert.Equal(expected, Find($"{givesWay}; {stays}"));
        Assert.Equal(expected, Find($"{stays}; {givesWay}"));
    }

    [Theory]
    [InlineData("thanos >app=thanos compatible; prometheus >app=prometheus", "")]
    [InlineData("thanos compatible; prometheus", "")]
    [InlineData("thanos >app=thanos compatible", "")]
    [InlineData("thanos >app=thanos compatible; n/prometheus >app=prometheus", "")]
    [InlineData("thanos >app=thanos compatible; vmsingle >app=vm compatible", "")]
    [InlineData("thanos >app=thanos compatible; thanos-headless >app=thanos compatible Headless", "thanos-headless->thanos")]
    [InlineData("thanos >app=t compatible; one >app=x; two >app=t", "thanos->two")]
    public void What_is_only_compatible_gives_way_to_a_real_one_before_the_same_pods(string services, string givingWay) =>
        Assert.Equal(givingWay, Find(services));

    [Theory]
    [InlineData("a >app=x Headless wanted; b >app=x", "b->a")]
    [InlineData("a >app=x Headless unwanted; b >app=x", "b->a")]
    [InlineData("a >app=x wanted; b >app=x wanted", "")]
    [InlineData("a >app=x wanted; b >app=x unwanted", "")]
    [InlineData("a >app=x compatible; b >app=y wanted", "")]
    [InlineData("a >app=x compatible; b >app=x unwanted", "a->b")]
    public void Whose_owner_has_spoken_stays_and_its_twins_give_way(string services, string givingWay) =>
        Assert.Equal(givingWay, Find(services));

    [Fact]
    public void Two_instances_that_share_a_headless_Service_stay_two() => Assert.Equal(
        "prometheus-operated->apps",
        Find("prometheus-operated >app=prometheus Headless beforeAll; infra >app=prometheus >instance=infra; apps >app=prometheus >instance=apps"));

    [Fact]
    public void One_that_gave_way_takes_nobody_along() => Assert.Equal(
        "all->first", Find("first >app=x >instance=1 prefer:0; all >app=x; second >app=x >instance=2"));

    [Fact]
    public void A_namespace_full_of_backends_is_compared_with_a_bounded_number_of_them()
    {
        int lookups = 0;
        ImmutableArray<TwinCandidate> many = [.. Enumerable.Range(0, 3_000).Select(i =>
        {
            TwinCandidate candidate = TwinText.Parse($"m/backend-{i:D4} >app=x >instance={i}");
            return candidate with { RoleKeys = [], Service = candidate.Service with { Selector = new CountingMap(candidate.Service.Selector, () => lookups++) } };
        })];
        Assert.Empty(Twins.Find(many));
        Assert.InRange(lookups, 1, 3_000 * 1_000);
    }

    private static string Find(string services) =>
        Pairs([.. services.Split("; ").Select(line => TwinText.Parse(line.Split(' ')[0].Contains('/', StringComparison.Ordinal) ? line : $"m/{line}"))]);

    private static string Pairs(IEnumerable<TwinCandidate> candidates) =>
        string.Join(' ', Twins.Find(candidates).Select(p => $"{p.Key.Name}->{p.Value.Name}").Order(StringComparer.Ordinal));

    /// <summary>Counts what it is asked for.</summary>
    private sealed class CountingMap(IReadOnlyDictionary<string, string> map, Action asked) : IReadOnlyDictionary<string, string>
    {
        public int Count => map.Count;

        public IEnumerable<string> Keys => map.Keys;

        public IEnumerable<string> Values => map.Values;

        public string this[string key] => map[key];

        public bool ContainsKey(string key) => map.ContainsKey(key);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
        {
            asked();
            return map.TryGetValue(key, out value);
        }

        public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => map.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => map.GetEnumerator();
    }
}
