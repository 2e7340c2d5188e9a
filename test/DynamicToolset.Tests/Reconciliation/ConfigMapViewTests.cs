using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Reconciliation;

public sealed class ConfigMapViewTests
{
    private static readonly ConfigMapView Start = ConfigMapView.Empty.Watched(1, Version("1"));

    [Fact]
    public void What_the_watch_brings_replaces_what_it_brought_before() =>
        Assert.Equal("2", Start.Watched(2, Version("2")).Newest?.ResourceVersion);

    [Fact]
    public void An_answer_stands_until_the_watch_brings_something() =>
        Assert.Equal("3", Start.Answered(Version("3")).Watched(1, Version("1")).Newest?.ResourceVersion);

    [Theory]
    [InlineData("2 3", "1", "3")]
    [InlineData("2 3", "2", "3")]
    [InlineData("2 3", "3", "3")]
    [InlineData("2 3", "4", "4")]
    [InlineData("2 2", "2", "2")]
    [InlineData("2", "1", "2")]
    public void A_version_that_an_answer_has_replaced_is_no_news_when_the_watch_brings_it_late(string answers, string watched, string newest)
    {
        ConfigMapView view = answers.Split(' ').Aggregate(Start, (v, version) => v.Answered(Version(version)));
        Assert.Equal(newest, view.Watched(2, Version(watched)).Newest?.ResourceVersion);
    }

    [Fact]
    public void After_a_late_version_the_next_news_counts() =>
        Assert.Equal("5", Start.Answered(Version("2")).Watched(2, Version("1")).Watched(3, Version("5")).Newest?.ResourceVersion);

    [Fact]
    public void A_deletion_is_news_even_where_nothing_was_there_before()
    {
        ConfigMapView made = ConfigMapView.Empty.Watched(1, null).Answered(Version("2"));
        Assert.Null(made.Watched(2, null).Newest);
        Assert.Equal("2", made.Watched(1, null).Newest?.ResourceVersion);
    }

    private static ConfigMapRecord Version(string version) => ConfigMaps.Empty with { ResourceVersion = version };
}
