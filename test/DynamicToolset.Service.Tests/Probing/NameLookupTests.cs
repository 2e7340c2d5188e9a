using System.Net;
using System.Net.Sockets;
using DynamicToolset.Service.Probing;

namespace DynamicToolset.Service.Tests.Probing;

public sealed class NameLookupTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_thread_of_the_pool_waits_for_the_resolver()
    {
        bool? ofThePool = null;
        NameLookup lookup = new(_ =>
        {
            ofThePool = Thread.CurrentThread.IsThreadPoolThread;
            return [IPAddress.Loopback];
        });

        Assert.Equal([IPAddress.Loopback], await lookup.ResolveAsync("a.b", Stop));
        Assert.False(ofThePool);
    }

    [Fact]
    public async Task Who_asks_a_resolver_that_hangs_can_leave_and_hanging_questions_stay_few()
    {
        using ManualResetEventSlim answered = new();
        int asked = 0;
        NameLookup lookup = new(_ =>
        {
            Interlocked.Increment(ref asked);
            answered.Wait(Stop);
            return [];
        });
        using CancellationTokenSource leave = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        Task[] questions = [.. Enumerable.Range(0, 100).Select(i => lookup.ResolveAsync($"a{i}.b", leave.Token))];
        await leave.CancelAsync();

        foreach (Task question in questions)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => question);
        Assert.InRange(asked, 0, 16);
        answered.Set();
        // The threads are free again: more questions than there are threads get an answer.
        for (int i = 0; i < 20; i++)
            Assert.Empty(await lookup.ResolveAsync("c.d", Stop));
    }

    [Fact]
    public async Task A_name_that_the_resolver_does_not_know_or_does_not_take_has_no_address()
    {
        Assert.Empty(await new NameLookup(_ => throw new SocketException()).ResolveAsync("a.b", Stop));
        Assert.Empty(await new NameLookup(Dns.GetHostAddresses).ResolveAsync(new string('a', 300), Stop));
    }
}
