using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Informers;

namespace DynamicToolset.Kubernetes.Tests.Informers;

public sealed class WatchEndTests
{
    [Theory]
    // Open for so many seconds (-1: never accepted), moved on, how it ended: a success, a list needed?
    [InlineData(-1, false, 0, false, false)]
    [InlineData(0, false, 0, false, false)]
    [InlineData(9, false, 0, false, false)]
    [InlineData(9, true, 0, true, false)]
    [InlineData(10, false, 0, true, false)]
    [InlineData(-1, false, 503, false, false)]
    [InlineData(-1, false, 403, false, false)]
    [InlineData(10, false, 503, true, false)]
    [InlineData(9, true, 503, true, false)]
    [InlineData(-1, false, 400, false, true)]
    [InlineData(60, true, 422, true, true)]
    [InlineData(-1, false, 410, false, true)]
    [InlineData(60, true, 410, false, true)]
    public void It_is_a_success_where_it_brought_something_or_lasted_and_asks_for_a_list_where_the_version_is_of_no_use(
        int openSeconds, bool hadProgress, int code, bool isSuccess, bool needsList)
    {
        KubeApiException? error = code == 0 ? null : Refusals.Of(code, "");
        var end = new WatchEnd(openSeconds < 0 ? null : TimeSpan.FromSeconds(openSeconds), hadProgress, error);
        Assert.Equal((isSuccess, needsList), (end.IsSuccess, end.NeedsList));
    }

    [Theory]
    [InlineData(0, false, 0, true)]
    [InlineData(9, false, 0, true)]
    [InlineData(10, false, 0, false)]
    [InlineData(0, true, 0, false)]
    [InlineData(0, false, 500, true)]
    [InlineData(-1, false, 403, true)]
    [InlineData(-1, false, 404, true)]
    [InlineData(-1, false, 500, true)]
    [InlineData(-1, false, 401, false)]
    [InlineData(-1, false, 429, false)]
    [InlineData(-1, false, 503, false)]
    [InlineData(-1, false, 410, false)]
    [InlineData(-1, false, 400, false)]
    public void It_is_fruitless_where_an_API_server_that_answers_brings_nothing(int openSeconds, bool hadProgress, int code, bool isFruitless)
    {
        KubeApiException? error = code == 0 ? null : Refusals.Of(code, "");
        Assert.Equal(isFruitless, new WatchEnd(openSeconds < 0 ? null : TimeSpan.FromSeconds(openSeconds), hadProgress, error).IsFruitless);
    }

    [Fact]
    public void What_cannot_be_reached_says_nothing_of_the_version() =>
        Assert.False(new WatchEnd(null, HadProgress: false, Refusals.Unreachable()).IsFruitless);
}
