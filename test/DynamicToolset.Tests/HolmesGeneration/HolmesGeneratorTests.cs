using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Reconciliation;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Tests.HolmesGeneration;

public sealed class HolmesGeneratorTests
{
    private const string Marker = "(content ";

    private static readonly HolmesFile Good = new HolmesGoldenCase("everything").Make(HolmesTarget.Compat);

    [Theory]
    [InlineData("http://a.b:80")]
    [InlineData("https://prometheus.monitoring.svc.cluster.local:9090/sub-path/~x/")]
    public void A_plain_URL_may_stand_in_a_command(string url) => Assert.Equal(url, PlainUrl.TryCreate(url)?.Text);

    [Theory]
    [InlineData("http://a.b")]
    [InlineData("http://A.b:80")]
    [InlineData("ftp://a.b:80")]
    [InlineData("http://a.b:80/x'; touch x; '")]
    [InlineData("http://a.b:80/$(x)")]
    [InlineData("http://a.b:80/{{x}}")]
    [InlineData("http://a.b:80/x\n")]
    [InlineData("http://u@a.b:80")]
    [InlineData("http://a.b:80/?q=1")]
    public void Any_other_may_not(string url)
    {
        Assert.Null(PlainUrl.TryCreate(url));
        Assert.Null(PlainUrl.TryCreate("http://a.b:80")!.Below("/" + url));
    }

    [Fact]
    public void The_hash_is_of_the_whole_text_with_zeros_in_its_place()
    {
        int at = Good.Text.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length;
        string rest = Good.Text[..at] + new string('0', 16) + Good.Text[(at + 16)..];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rest)))[..16], Good.Text.Substring(at, 16));
    }

    [Fact]
    public void Every_change_of_a_URL_changes_the_description_of_the_inventory()
    {
        string[] hashes = [.. new[] { "http://a.b:1", "http://a.b:2" }.Select(u => HashIn(Make(("x", u)).Text))];
        Assert.NotEqual(hashes[0], hashes[1]);
    }

    /// <summary>Linux takes no longer argument than 128 KiB.</summary>
    [Fact]
    public void The_inventory_of_many_says_how_many_it_does_not_show()
    {
        HolmesFile file = Make([.. Enumerable.Range(0, 3000).Select(i => ($"s{i}", $"http://s{i}.some-namespace:8080"))]);
        string command = file.Text.Split('\n').Single(l => l.Contains("printf", StringComparison.Ordinal));
        Assert.InRange(command.Length, 60 * 1024, 66 * 1024);
        Assert.Matches(" and [0-9]+ more\"$", command);
        Assert.False(file.IsRefused);
    }

    [Fact]
    public void A_file_that_is_not_fit_leaves_the_key_as_it_is_there_or_not()
    {
        HolmesFile unfit = Good with { Problems = HolmesLinter.Lint("", HolmesTarget.Compat, []) };
        DesiredConfigMap desired = DesiredConfigMap.Of([], null, keepsUnknown: false).With(unfit);
        ConfigMapRecord empty = Converged(desired), present = empty.With(ToolsetKey.Holmes, "the last good one");
        Assert.IsType<ConfigMapPlan.None>(ConfigMapPlanner.Plan(desired, present.Present()));
        Assert.IsType<ConfigMapPlan.None>(ConfigMapPlanner.Plan(desired, empty.Present()));
        Assert.DoesNotContain(ToolsetKey.Holmes, Assert.IsType<ConfigMapPlan.Create>(ConfigMapPlanner.Plan(desired, ((ConfigMapRecord?)null).Present())).Content.Data.Keys);
    }

    [Fact]
    public void Where_no_file_is_wanted_one_that_is_there_is_removed()
    {
        DesiredConfigMap desired = DesiredConfigMap.Of([], null, keepsUnknown: false).With(null);
        var plan = Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(desired, Converged(desired).With(ToolsetKey.Holmes, "x").Present()));
        Assert.Equal([KeyValuePair.Create(ToolsetKey.Holmes, (string?)null)], plan.Changes.Data);
    }

    private static ConfigMapRecord Converged(DesiredConfigMap desired) => Store.Apply(ConfigMapPlanner.Plan(desired, ((ConfigMapRecord?)null).Present()), null)!;

    private static HolmesFile Make(params ImmutableArray<(string Name, string Url)> toolsets) =>
        new HolmesGenerator(new HolmesProfile(HolmesTarget.Compat, [])).Generate(
        [
            .. toolsets.Select(t => new Toolset(
                t.Name, "custom", ToolsetValue.Map.Of(("config", ToolsetValue.Map.Of(("url", new ToolsetValue.Text(t.Url))))), new ToolsetSource.Override())),
        ]);

    private static string HashIn(string text) => text.Substring(text.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length, 16);
}
