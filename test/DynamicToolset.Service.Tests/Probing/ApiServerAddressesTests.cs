using System.Net;
using System.Net.Sockets;
using DynamicToolset.Service.Probing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Probing;

public sealed class ApiServerAddressesTests
{
    private static readonly IPEndPoint Old = IPEndPoint.Parse("192.0.2.1:6443"), New = IPEndPoint.Parse("192.0.2.2:6443");

    private readonly FakeTimeProvider _time = new();
    private IPEndPoint[]? _behindTheName = [Old];
    private int _questions;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_that_means_another_address_is_followed_and_the_old_one_stays_denied()
    {
        ApiServerAddresses addresses = Addresses();
        Assert.Equal([Old], await addresses.GetAsync(Stop));
        _behindTheName = [New];
        Assert.Equal([Old], await addresses.GetAsync(Stop));
        await PassAsync(addresses);
        Assert.Equal([New, Old], await addresses.GetAsync(Stop));
    }

    [Fact]
    public async Task An_answer_serves_for_a_while()
    {
        ApiServerAddresses addresses = Addresses();
        for (int i = 0; i < 100; i++)
            await addresses.GetAsync(Stop);
        Assert.Equal(1, _questions);
    }

    [Fact]
    public async Task A_resolver_that_fails_takes_nothing_off_the_list()
    {
        ApiServerAddresses addresses = Addresses();
        await addresses.GetAsync(Stop);
        _behindTheName = null;
        await PassAsync(addresses);
        Assert.Equal([Old], await addresses.GetAsync(Stop));
    }

    [Fact]
    public async Task Without_any_answer_nobody_can_say_which_addresses_are_free()
    {
        _behindTheName = null;
        ApiServerAddresses addresses = Addresses();
        Assert.Null(await addresses.GetAsync(Stop));
        _behindTheName = [Old];
        Assert.Equal([Old], await addresses.GetAsync(Stop));
    }

    [Fact]
    public async Task A_name_that_only_the_proxy_resolves_is_no_obstacle()
    {
        _behindTheName = null;
        Assert.Equal([], await Addresses(isBehindProxy: true).GetAsync(Stop));
    }

    [Fact]
    public async Task Whoever_leaves_while_the_name_is_asked_for_ends_it_for_nobody_else()
    {
        var answer = new TaskCompletionSource<IReadOnlyList<IPEndPoint>>();
        var addresses = new ApiServerAddresses(_ => answer.Task, isBehindProxy: false, _time);
        using var leaving = new CancellationTokenSource();
        Task leaver = addresses.GetAsync(leaving.Token).AsTask(), other = addresses.GetAsync(Stop).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        answer.SetResult([Old]);
        await other;
        Assert.Equal([Old], await addresses.GetAsync(Stop));
    }

    private ApiServerAddresses Addresses(bool isBehindProxy = false) => new(
        _ =>
        {
            _questions++;
            return _behindTheName is { } known ? Task.FromResult<IReadOnlyList<IPEndPoint>>(known) : throw new SocketException();
        },
        isBehindProxy,
        _time);

    /// <summary>What is known serves while the next answer is on its way.</summary>
    private async Task PassAsync(ApiServerAddresses addresses)
    {
        _time.Advance(ApiServerAddresses.Freshness);
        await addresses.GetAsync(Stop);
    }
}
