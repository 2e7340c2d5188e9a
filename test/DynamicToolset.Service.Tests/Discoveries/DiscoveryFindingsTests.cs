using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Discoveries;
using DynamicToolset.Service.Tests.Samples;

namespace DynamicToolset.Service.Tests.Discoveries;

/// <summary>What a discovery tells, by what was known before and after it.</summary>
public sealed class DiscoveryFindingsTests
{
    private static readonly ControllerState Before = States.WithGrafanas(_ => true, ("a/gone", "gone"), ("a/kept", "kept"), ("b/kept", "kept-b"));

    private static readonly ControllerState After = States.WithGrafanas(_ => true, ("a/kept", "kept"), ("a/new", "new"), ("b/kept", "kept-b"), ("b/new", "new-b"));

    [Fact]
    public void It_tells_what_was_found_and_what_changed()
    {
        DiscoveryFindings found = DiscoveryFindings.Of(Before, After, DiscoveryScope.All);
        Assert.Equal([new("grafana", 4)], found.Services);
        Assert.Equal((0, 0, 4), (found.Healthy, found.Unhealthy, found.Unknown));
        Assert.Equal("kept kept-b kubernetes new new-b", Names(found.Toolsets));
        Assert.Equal(("a/new b/new", "a/gone", ""), (Names(found.Added), Names(found.Removed), Names(found.Changed)));
        Assert.Null(found.Write);
    }

    [Theory]
    [InlineData("b", "", 2, "kept-b new-b", "b/new", "")]
    [InlineData("a", "grafana", 2, "kept new", "a/new", "a/gone")]
    [InlineData("a", "jaeger", 0, "", "", "")]
    [InlineData("c", "", 0, "", "", "")]
    public void It_tells_only_what_was_asked_for(string ns, string type, int total, string toolsets, string added, string removed)
    {
        DiscoveryFindings found = DiscoveryFindings.Of(Before, After, DiscoveryScope.Of([ns], type.Length == 0 ? [] : [type]));
        Assert.Equal((total, toolsets, added, removed), (found.Unknown, Names(found.Toolsets), Names(found.Added), Names(found.Removed)));
    }

    [Fact]
    public void Of_many_names_a_hundred_are_told_and_how_many_there_are()
    {
        ControllerState many = States.WithGrafanas(_ => true, Enumerable.Range(0, 150).Select(i => ($"a/s{i}", $"s{i}")));
        string[] keys = [.. Enumerable.Range(0, 150).Select(i => $"k{i}")];
        many = many with { LastWrite = new ConfigMapWrite(DateTimeOffset.UnixEpoch, [.. keys], [.. keys], [], IsCreation: false, IsRecreation: false, TimeSpan.Zero) };
        DiscoveryFindings found = DiscoveryFindings.Of(States.Empty, many, DiscoveryScope.All);
        Assert.Equal((150, 100), (found.Added.Total, found.Added.Names.Length));
        Assert.Equal((151, 100), (found.Toolsets.Total, found.Toolsets.Names.Length));
        Assert.Equal((100, 100), (found.Write!.Set.Length, found.Write.Removed.Length));
        Assert.Null(DiscoveryFindings.Of(many, many, DiscoveryScope.All).Write);
    }

    private static string Names(NamesDocument names)
    {
        Assert.Equal(names.Total, names.Names.Length);
        return string.Join(' ', names.Names.Order(StringComparer.Ordinal));
    }
}
