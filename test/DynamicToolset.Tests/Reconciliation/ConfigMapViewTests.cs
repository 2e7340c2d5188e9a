using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Reconciliation;

/// <summary>Versions are written as uid and version: <c>a1</c>.</summary>
public sealed class ConfigMapViewTests
{
    private static readonly ConfigMapView Start = ConfigMapView.Empty.Listed(Of("a1"));

    [Theory]
    [InlineData("changed a2", "a2")]
    [InlineData("deleted a2", "none")]
    [InlineData("listed a7", "a7")]
    [InlineData("listed none", "none")]
    [InlineData("deleted a2, changed b3", "b3")]
    [InlineData("answered a3", "a3")]
    [InlineData("answered none", "none")]
    [InlineData("answered none, answered b4", "b4")]

    // A version that an answer has replaced comes late.
    [InlineData("answered a3, changed a2", "a3")]
    [InlineData("answered a3, answered a5, changed a3", "a5")]
    [InlineData("answered a3, answered a5, changed a3, changed a4", "a5")]
    [InlineData("answered none, changed a2", "none")]

    // It has caught up.
    [InlineData("answered a3, changed a3, changed a4", "a4")]
    [InlineData("answered a3, changed a2, changed a3, changed a4", "a4")]
    [InlineData("answered a3, deleted a4", "none")]
    [InlineData("answered none, deleted a2, changed b3", "b3")]
    [InlineData("answered a3, listed a5", "a5")]
    [InlineData("answered a3, listed none", "none")]

    // It is ahead: the answer was overtaken.
    [InlineData("changed a2, changed a3, answered a2", "a3")]
    [InlineData("changed a2, deleted a3, answered a2", "none")]
    [InlineData("changed a2, changed a3, answered a2, changed a4", "a4")]

    // The end of another object comes late.
    [InlineData("answered none, answered b4, deleted a2", "b4")]
    [InlineData("answered none, answered b4, changed a2, deleted a3", "b4")]
    [InlineData("answered none, answered b4, deleted a2, changed b4, changed b5", "b5")]
    [InlineData("answered none, answered b4, deleted a2, changed b4, deleted b5", "none")]
    [InlineData("answered none, answered b4, deleted b5", "none")]
    public void The_newest_is_told_from_what_comes_late(string events, string newest) => Assert.Equal(newest, Text(After(events).Newest));

    [Theory]
    [InlineData("changed a2", "a2")]
    [InlineData("changed a2, deleted a3", "a3")]
    [InlineData("deleted a3", "a3")]
    [InlineData("changed a2, listed none", "a2")]
    [InlineData("answered none, changed a2", "a2")]
    [InlineData("answered none, changed a2, deleted a3", "a3")]
    [InlineData("answered a4, answered none", "a4")]
    [InlineData("answered none, answered b4, deleted a2", "b4")]
    [InlineData("answered none, answered b4, changed a2", "b4")]
    [InlineData("answered a4, changed a3", "a4")]
    [InlineData("deleted a2, changed b3, deleted b4", "b4")]
    public void Last_words_count_whichever_way_they_came(string events, string lastSeen) => Assert.Equal(lastSeen, Text(After(events).LastSeen));

    [Theory]
    [InlineData("answered a2, changed a2")]
    [InlineData("answered a3, changed a2")]
    [InlineData("listed a1")]
    [InlineData("answered a1")]
    public void What_shows_the_same_is_no_news(string events)
    {
        string first = events.Split(", ")[0];
        Assert.Equal(After(first), After(events));
    }

    [Theory]
    [InlineData("changed a2")]
    [InlineData("deleted a2, changed b1")]
    [InlineData("changed a2, deleted a3")]
    [InlineData("answered none")]
    public void Whatever_came_or_went_is_news(string events) => Assert.NotEqual(Start, After(events));

    [Fact]
    public void To_come_and_go_between_two_looks_is_news()
    {
        ConfigMapView gone = After("deleted a2");
        Assert.NotEqual(gone, gone.Changed(Of("b3")!).Deleted(Of("b4")!));
    }

    [Fact]
    public void What_was_brought_long_ago_is_forgotten()
    {
        ConfigMapView view = Enumerable.Range(2, 1000).Aggregate(Start, (v, version) => v.Changed(Of($"a{version}")!));
        Assert.Equal("a1001", Text(view.Answered(Of("a1000")).Newest));
        Assert.Equal("a2", Text(view.Answered(Of("a2")).Newest));
    }

    private static ConfigMapView After(string events) => events.Split(", ").Aggregate(Start, Next);

    private static ConfigMapView Next(ConfigMapView view, string text) => text.Split(' ') switch
    {
        ["listed", var item] => view.Listed(Of(item)),
        ["changed", var item] => view.Changed(Of(item)!),
        ["deleted", var item] => view.Deleted(Of(item)!),
        ["answered", var item] => view.Answered(Of(item)),
        _ => throw new ArgumentException(text),
    };

    private static ConfigMapRecord? Of(string item) =>
        item == "none" ? null : ConfigMaps.Empty with { Uid = item[..1], ResourceVersion = item[1..] };

    private static string Text(ConfigMapRecord? record) => record is null ? "none" : record.Uid + record.ResourceVersion;
}
