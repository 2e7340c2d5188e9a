using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Faults;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Access;

/// <summary>How often one may ask, and what a flood of strangers takes from others. The clock stands still unless a test moves it.</summary>
public sealed class LimitTests
{
    private const string Path = "/api/v1/status";

    [Fact]
    public async Task A_caller_has_150_requests_at_once_and_100_more_each_second()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        string other = service.Sim.IssueToken(new ObjectKey("kubernaut-system", "dynamic-toolset"), TimeSpan.FromHours(1));
        Assert.Equal(150, await CountAsync(200, 200, _ => service.AskAsync(Path, service.Token)));
        ApiAnswer refused = await service.AskAsync(Path, service.Token);
        Assert.Equal((429, "tooManyRequests", TimeSpan.FromSeconds(1)), (refused.Status, refused.Code, refused.RetryAfter));
        Assert.Equal(429, (await service.AskAsync("/openapi/v1.json", service.Token)).Status);
        Assert.Equal(200, (await service.AskAsync(Path, other)).Status);
        service.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(100, await CountAsync(110, 200, _ => service.AskAsync(Path, service.Token)));
    }

    [Fact]
    public async Task Two_tokens_of_one_caller_have_one_limit()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        string second = service.Sim.IssueToken(new ObjectKey("kubernaut-system", "dynamic-toolset-sa"), TimeSpan.FromHours(1));
        Assert.Equal(150, await CountAsync(160, 200, i => service.AskAsync(Path, i % 2 == 0 ? service.Token : second)));
    }

    [Fact]
    public async Task Without_authentication_each_address_has_that_limit()
    {
        await using GuardedService service = await GuardedService.StartAsync(s => s with { AuthEnabled = false });
        Assert.Equal(150, await CountAsync(160, 200, _ => service.AskAsync(Path)));
        Assert.Equal(200, (await service.AskAsync(Path, from: "127.0.0.2")).Status);
    }

    [Fact]
    public async Task Strangers_share_the_limit_of_their_address_and_who_is_known_to_be_good_does_not()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        // One place of the forty is the good token's, from when nobody knew it.
        Assert.Equal(39, await CountAsync(60, 401, _ => service.AskAsync(Path)));
        ApiAnswer refused = await service.AskAsync(Path, "garbage");
        Assert.Equal((429, TimeSpan.FromSeconds(1)), (refused.Status, refused.RetryAfter));
        Assert.Equal(429, (await service.AskAsync("/openapi/v1.json")).Status);
        Assert.Equal(429, (await service.AskAsync("/nothing")).Status);
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        Assert.Equal(200, (await service.AskAsync("/openapi/v1.json", service.Token)).Status);
        Assert.Equal(401, (await service.AskAsync(Path, from: "127.0.0.2")).Status);
        service.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(20, await CountAsync(30, 401, _ => service.AskAsync(Path)));
    }

    [Theory]
    [InlineData("/healthz", true)]
    [InlineData("/livez", true)]
    [InlineData("/health", true)]
    [InlineData("/readyz", true)]
    [InlineData("/ready", true)]
    [InlineData("/openapi/v1.json", false)]
    public async Task Health_paths_are_open_and_never_limited(string path, bool isUnlimited)
    {
        await using GuardedService service = await GuardedService.StartAsync();
        Assert.Equal(isUnlimited ? 200 : 40, await CountAsync(200, 200, _ => service.AskAsync(path)));
    }

    [Fact]
    public async Task However_many_strangers_come_from_wherever_at_most_fifty_tokens_are_reviewed_in_a_second()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        int before = service.Count(GuardedService.Reviews);
        int sent = 0;
        for (int tenth = 0; tenth < 10; tenth++)
        {
            await CountAsync(100, 0, _ => service.AskAsync(Path, $"garbage-{sent++}", $"127.0.1.{sent % 100}"));
            service.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(service.Count(GuardedService.Reviews) - before, 30, 50);
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        ApiAnswer refused = await service.AskAsync(Path, "garbage-at-last", "127.0.2.1");
        await CountAsync(10, 0, i => service.AskAsync(Path, $"garbage-more-{i}", $"127.0.3.{i}"));
        Assert.True(refused.Status is 401 or 429);
    }

    [Fact]
    public async Task Who_was_good_finds_room_to_be_reviewed_again_while_strangers_find_none()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        service.Time.Advance(TimeSpan.FromSeconds(60));
        int refused = await CountAsync(40, 429, i => service.AskAsync(Path, $"garbage-{i}", $"127.0.1.{i + 1}"));
        Assert.Equal(32, refused);
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
    }

    [Fact]
    public async Task Reviews_that_hang_keep_places_from_strangers_alone()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        service.Time.Advance(TimeSpan.FromSeconds(60));
        service.Sim.Faults.Add(new FaultRule(new Fault.Hang(), "create", GuardedService.Reviews, Times: 8));
        Task<ApiAnswer>[] hanging = [.. Enumerable.Range(0, 8).Select(i => service.AskAsync(Path, $"garbage-{i}"))];
        await service.Time.WaitsAsync(TimeSpan.FromSeconds(5), times: 1 + 1 + 8);
        ApiAnswer later = await service.AskAsync(Path, "garbage");
        Assert.Equal((429, "too many tokens are waiting to be checked", TimeSpan.FromSeconds(1)), (later.Status, later.Detail, later.RetryAfter));
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        service.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.All(await Task.WhenAll(hanging), answer => Assert.Equal(503, answer.Status));
    }

    [Fact]
    public async Task Who_was_good_waits_for_a_place_where_strangers_and_others_have_them_all_and_is_never_one_too_many()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        string[] good = [.. Enumerable.Range(0, 3).Select(_ => service.Sim.IssueToken(new ObjectKey("kubernaut-system", "dynamic-toolset-sa"), TimeSpan.FromHours(1)))];
        foreach (string token in good)
            Assert.Equal(200, (await service.AskAsync(Path, token)).Status);
        service.Time.Advance(TimeSpan.FromSeconds(60));
        service.Sim.Faults.Add(new FaultRule(new Fault.Hang(), "create", GuardedService.Reviews, Times: 10));
        Task<ApiAnswer>[] hanging = [.. Enumerable.Range(0, 8).Select(i => service.AskAsync(Path, $"garbage-{i}"))];
        await service.Time.WaitsAsync(TimeSpan.FromSeconds(5), times: 3 + 1 + 8);
        Task<ApiAnswer>[] renewed = [service.AskAsync(Path, good[0]), service.AskAsync(Path, good[1])];
        await service.Time.WaitsAsync(TimeSpan.FromSeconds(5), times: 3 + 1 + 8 + 2);
        int waits = service.Time.Waits(TimeSpan.FromSeconds(1));
        Task<ApiAnswer> third = service.AskAsync(Path, good[2]);
        await Patience.EventuallyAsync(() => third.IsCompleted || service.Time.Waits(TimeSpan.FromSeconds(1)) > waits, "the third waits");
        Assert.False(third.IsCompleted);
        service.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.All(await Task.WhenAll([.. hanging, .. renewed]), answer => Assert.Equal(503, answer.Status));
        Assert.Equal(200, (await third).Status);
    }

    [Fact]
    public async Task Bad_tokens_push_out_no_good_one()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        for (int i = 0; i < 1100; i++)
        {
            await service.AskAsync(Path, $"garbage-{i}", $"127.0.1.{1 + (i % 200)}");
            service.Time.Advance(TimeSpan.FromMilliseconds(31));
        }

        int before = service.Count(GuardedService.Reviews);
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
        Assert.Equal(before, service.Count(GuardedService.Reviews));
    }

    [Fact]
    public async Task A_caller_who_asks_for_ever_new_namespaces_leaves_room_for_others()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        string token = service.NewAccount("team", "jo");
        Assert.Equal(30, await CountAsync(60, 403, i => service.AskAsync($"/api/v1/services?namespace=n{i}", token)));
        Assert.Equal(200, (await service.AskAsync(Path, service.Token)).Status);
    }

    [Fact]
    public async Task What_is_known_not_to_be_allowed_may_be_asked_as_often_as_anything()
    {
        await using GuardedService service = await GuardedService.StartAsync();
        string token = service.NewAccount("team", "jo");
        Assert.Equal(100, await CountAsync(100, 403, _ => service.AskAsync(Path, token)));
        Assert.Equal(403, (await service.AskAsync("/api/v1/toolsets", token)).Status);
    }

    private static async Task<int> CountAsync(int times, int status, Func<int, Task<ApiAnswer>> ask)
    {
        int count = 0;
        for (int i = 0; i < times; i++)
            count += (await ask(i)).Status == status ? 1 : 0;
        return count;
    }
}
