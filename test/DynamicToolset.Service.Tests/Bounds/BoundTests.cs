using System.Collections.Immutable;
using System.Reflection;
using DynamicToolset.Docs;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Messages;
using DynamicToolset.Service.Input;

namespace DynamicToolset.Service.Tests.Bounds;

/// <summary>Every bound of <c>docs/bounds.md</c>, with an input that just fits and with one that just does not.</summary>
public sealed class BoundTests
{
    private static readonly ImmutableArray<Bound> All = [.. BoundsPage.All.SelectMany(section => section.Bounds)];

    public static TheoryData<string> Names => [.. All.Select(NameOf)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_reaches_a_bound_is_taken_and_what_goes_beyond_is_refused_by_its_name(string name)
    {
        Bound bound = All.Single(b => NameOf(b) == name);
        using var probes = new Probes();
        Func<long, Task<string?>> ask = probes.Of(bound);
        Assert.Null(await ask(bound.Most - 1));
        Assert.Null(await ask(bound.Most));
        Assert.Contains(bound.ToString(), await ask(bound.Most + 1), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_bound_that_is_declared_is_in_the_table()
    {
        IEnumerable<Bound> declared = new[] { typeof(Bound), typeof(KubeApiClient), typeof(FileBounds) }
            .SelectMany(t => t.Assembly.GetTypes())
            .SelectMany(t => t.GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(p => p.PropertyType == typeof(Bound))
            .Select(p => (Bound)p.GetValue(null)!);
        Assert.Equal(declared.Select(NameOf).Order(StringComparer.Ordinal), All.Select(NameOf).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(64, "labels", "64 labels")]
    [InlineData(4_000_000, "nodes", "4,000,000 nodes")]
    [InlineData(128, "bytes", "128 bytes")]
    [InlineData(1024, "bytes", "1 KiB")]
    [InlineData(64 * 1024, "bytes in all", "64 KiB in all")]
    [InlineData(1088 * 1024, "bytes", "1,088 KiB")]
    [InlineData(8 * 1024 * 1024, "bytes", "8 MiB")]
    [InlineData(1024, "labels", "1,024 labels")]
    public void A_bound_is_written_as_people_say_it(long most, string unit, string text) => Assert.Equal(text, new Bound("", most, unit, "").ToString());

    [Fact]
    public void The_worst_case_of_all_is_less_than_the_smallest_limit() =>
        Assert.InRange(BoundsPage.WorstCase.Sum(part => part.MiB), 40, BoundsPage.SmallestLimit);

    private static string NameOf(Bound bound) => $"{bound.Input}: {bound}";
}
