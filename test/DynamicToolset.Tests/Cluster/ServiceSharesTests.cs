using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Testing;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Cluster;

public sealed class ServiceSharesTests
{
    /// <summary>As large as one may be: a hundred of them fit into a share.</summary>
    private static readonly ServiceRecord Large = Labeled(31);

    [Fact]
    public void Thousands_of_usual_Services_fit_into_the_share_of_a_namespace()
    {
        ServiceRecord usual = ServiceText.Parse(
            "shop/orders-00001 app.kubernetes.io/name=orders app.kubernetes.io/instance=orders-00001 app.kubernetes.io/version=1.4.2 app.kubernetes.io/managed-by=Helm helm.sh/chart=orders-3.1.0 http:8080 metrics:9102 >app.kubernetes.io/instance=orders-00001");
        Assert.InRange(ServiceBounds.Share.Most / ServiceBounds.CostOf(usual), 3_000, 5_000);
    }

    [Fact]
    public void Whatever_the_order_they_come_in_the_first_in_the_order_of_names_are_kept() => Chance.Try(20, random =>
    {
        ImmutableArray<ServiceRecord> services =
            [.. Enumerable.Range(0, 300).Select(i => Named(random.Next(5) == 0 ? "quiet" : "crowd", i)), ServiceText.Parse("another/a :80")];
        ImmutableArray<ServiceRecord> kept = ServiceShares.Of(services);
        ServiceRecord[] shuffled = [.. services];
        random.Shuffle(shuffled);
        Assert.Equal(Texts(kept), Texts(ServiceShares.Of(shuffled)));

        ServiceRecord beyond = Assert.Single(kept, s => s.Beyond is not null);
        Assert.Equal((ServiceBounds.Share, "crowd"), (beyond.Beyond, beyond.Key.Namespace));
        Assert.Equal(services.Where(s => s.Key.Namespace != "crowd" || s.Key <= beyond.Key).Select(s => s.Key).Order(), kept.Select(s => s.Key));
        long cost = kept.Where(s => s.Key.Namespace == "crowd" && s.Beyond is null).Sum(s => (long)ServiceBounds.CostOf(s));
        Assert.InRange(cost, ServiceBounds.Share.Most - ServiceBounds.Memory.Most, ServiceBounds.Share.Most);
    });

    [Fact]
    public void What_is_left_of_a_Service_beyond_a_bound_takes_of_the_share_too() =>
        Assert.InRange(ServiceShares.Of(Enumerable.Range(0, 100_000).Select(i => Named("crowd", i).Refuse(ServiceBounds.Labels))).Length, 1_000, 3_000);

    [Theory]
    [InlineData("kubernaut.io/x", 1)]
    [InlineData("another.io/x", 0)]
    public void A_manifest_s_long_annotations_of_others_count_for_nothing(string annotation, int counts)
    {
        ServiceRecord service = ServiceText.Parse("m/a :80");
        ServiceRecord annotated = service with { Annotations = service.Annotations.ToImmutableDictionary().Add(annotation, new string('x', 2000)) };
        Assert.Equal(counts == 0 ? null : ServiceBounds.Text, ServiceBounds.Within(annotated).Beyond);
    }

    private static IEnumerable<string> Texts(IEnumerable<ServiceRecord> services) => services.Select(s => $"{s.Key} {s.Beyond} {s.Labels.Count}");

    private static ServiceRecord Named(string ns, int i) => Large with { Key = new ObjectKey(ns, $"s{i:d6}") };

    private static ServiceRecord Labeled(int labels)
    {
        ServiceRecord service = ServiceText.Parse("m/a :80");
        service = service with { Labels = Enumerable.Range(0, labels).ToImmutableDictionary(i => $"l{i}", _ => new string('x', 1000)) };
        return Assert.IsType<ServiceRecord>(ServiceBounds.Within(service)) is { Beyond: null } within ? within : throw new InvalidOperationException("too large");
    }
}
