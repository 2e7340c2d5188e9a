using System.Collections.Immutable;
using CsCheck;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Properties;

public sealed class TwinProperties(ITestOutputHelper output)
{
    private const int Cases = 2000;

    private static readonly Gen<ImmutableArray<TwinCandidate>> Neighbourhoods = Gen.Select(
        Gen.OneOf("m", "m", "n"),
        Gen.OneOf("a", "b", "c", "aa", "ab", "prometheus", "operated"),
        Gen.OneOf("", ">app=x", ">app=y", ">name=x", ">app=x >instance=1", ">app=x >instance=2", ">app=x >name=x"),
        Gen.OneOf("", "", ">component=query", ">component=data"),
        Gen.OneOf("", "", "Headless", "NodePort", "LoadBalancer"),
        Gen.OneOf("", "", "", "prefer:0", "prefer:1", "priority:7", "compatible", "beforeAll"),
        (ns, name, selector, role, kind, rest) => TwinText.Parse($"{ns}/{name} {selector} {role} {kind} {rest}"))
        .Array[0, 9].Select(all => all.DistinctBy(c => c.Service.Key).ToImmutableArray());

    [Fact]
    public void Twins_do_not_depend_on_the_order_of_arrival() => Gen.Select(Neighbourhoods, Gen.Int[1, 1000]).Holds(
        Cases,
        output,
        input => Assert.Equal(Pairs(input.Item1), Pairs(Shuffled(input.Item1, input.Item2))),
        input => ClassesOf(input.Item1),
        "several namespaces", "one gives way", "several stay");

    [Fact]
    public void The_one_that_stays_is_a_neighbour_and_gives_way_to_nobody() => Neighbourhoods.Holds(
        Cases,
        output,
        neighbours =>
        {
            ImmutableDictionary<ObjectKey, ObjectKey> found = Twins.Find(neighbours);
            Assert.DoesNotContain(found.Values, found.ContainsKey);
            Assert.All(found, pair => Assert.Equal(pair.Key.Namespace, pair.Value.Namespace));
            Assert.All(found.Values, stays => Assert.Contains(neighbours, c => c.Service.Key == stays));
        },
        ClassesOf,
        "one gives way", "several stay");

    [Fact]
    public void A_Service_with_pods_of_its_own_changes_nothing() => Gen.Select(Neighbourhoods, Gen.Int[1, 1000]).Holds(
        Cases,
        output,
        input =>
        {
            TwinCandidate unrelated = TwinText.Parse("m/unrelated >app=unrelated >name=unrelated");
            ImmutableArray<TwinCandidate> neighbours = [.. input.Item1.Where(c => !c.IsCompatible)];
            Assert.Equal(Pairs(neighbours), Pairs(Shuffled(neighbours.Add(unrelated), input.Item2)));
        },
        input => ClassesOf(input.Item1),
        "one gives way");

    [Fact]
    public void What_happens_in_one_namespace_is_nothing_to_another() => Neighbourhoods.Holds(
        Cases,
        output,
        neighbours => Assert.Equal(
            Pairs(neighbours).Where(p => p.StartsWith("m/", StringComparison.Ordinal)),
            Pairs(neighbours.Where(c => c.Service.Key.Namespace == "m"))),
        ClassesOf,
        "several namespaces");

    private static IEnumerable<string> ClassesOf(ImmutableArray<TwinCandidate> neighbours)
    {
        int givingWay = Twins.Find(neighbours).Count;
        return new[]
        {
            neighbours.DistinctBy(c => c.Service.Key.Namespace).Count() > 1 ? "several namespaces" : "one namespace",
            givingWay > 0 ? "one gives way" : "none gives way",
            neighbours.Length - givingWay > 1 ? "several stay" : "one stays",
        };
    }

    private static IEnumerable<string> Pairs(IEnumerable<TwinCandidate> candidates) =>
        Twins.Find(candidates).Select(p => $"{p.Key}->{p.Value}").Order(StringComparer.Ordinal);

    private static ImmutableArray<TwinCandidate> Shuffled(ImmutableArray<TwinCandidate> candidates, int seed)
    {
        TwinCandidate[] shuffled = [.. candidates];
        new Random(seed).Shuffle(shuffled);
        return [.. shuffled];
    }
}
