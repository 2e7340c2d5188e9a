using static DynamicToolset.Sandbox.Tests.Cluster;

namespace DynamicToolset.Sandbox.Tests;

public sealed class EventTests
{
    private const string Events = "/api/v1/namespaces/default/events";

    private const string Event = """
        {"metadata":{"name":"a.1"},"involvedObject":{"kind":"ConfigMap","name":"a","namespace":"default"},"reason":"Repaired","message":"m",
         "type":"Normal","source":{"component":"dynamic-toolset"},"count":1}
        """;

    [Fact]
    public async Task An_event_is_created_and_counted_up_by_a_patch()
    {
        await using Cluster cluster = await StartAsync();
        Answer created = (await cluster.PostAsync(Events, Event)).Expect(201);
        Assert.Equal("", created.Text("reportingComponent"));
        Answer patched = (await cluster.PatchAsync($"{Events}/a.1", """{"count":2}""", StrategicMergePatch)).Expect(200);
        Assert.Equal(2, (int)patched.At("count")!);
        Assert.Equal("Repaired", patched.Text("reason"));
    }

    [Theory]
    [InlineData("involvedObject.name=a", 1)]
    [InlineData("involvedObject.name=a,reason=Repaired,type=Normal,source=dynamic-toolset", 1)]
    [InlineData("involvedObject.name=b", 0)]
    [InlineData("involvedObject.kind!=ConfigMap", 0)]
    [InlineData("type=Warning", 0)]
    public async Task Events_are_selected_by_what_they_tell_of(string selector, int count)
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.PostAsync(Events, Event)).Expect(201);
        Answer list = (await cluster.GetAsync($"{Events}?fieldSelector={Uri.EscapeDataString(selector)}")).Expect(200);
        Assert.Equal(count, list.Names.Count());
    }

    [Fact]
    public async Task A_watch_sees_only_the_events_that_it_selects()
    {
        await using Cluster cluster = await StartAsync();
        using Watch watch = await cluster.WatchAsync($"{Events}?watch=1&fieldSelector=involvedObject.name%3Da");
        (await cluster.PostAsync(Events, Event.Replace("a.1", "b.1").Replace("\"a\"", "\"b\""))).Expect(201);
        (await cluster.PostAsync(Events, Event)).Expect(201);
        Assert.Equal("ADDED a.1", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Other_fields_cannot_be_selected_by()
    {
        await using Cluster cluster = await StartAsync();
        (await cluster.GetAsync($"{Events}?fieldSelector=message%3Dm")).Expect(400, "BadRequest");
    }

    [Theory]
    [InlineData("default", "", 201)]
    [InlineData("default", "default", 201)]
    [InlineData("kube-system", "default", 422)]
    [InlineData("kube-system", "", 422)]
    public async Task An_event_lives_where_its_object_does_or_in_default(string place, string involved, int code)
    {
        await using Cluster cluster = await StartAsync();
        string path = $"/api/v1/namespaces/{place}/events";
        (await cluster.PostAsync(path, $$$"""{"metadata":{"name":"a"},"involvedObject":{"namespace":"{{{involved}}}"}}""")).Expect(code);
    }

    [Fact]
    public async Task An_event_with_a_time_of_its_own_must_say_who_reports_what()
    {
        await using Cluster cluster = await StartAsync();
        Answer answer = await cluster.PostAsync(
            Events, """{"metadata":{"name":"a"},"involvedObject":{"namespace":"default"},"eventTime":"2026-01-01T00:00:00.123456Z"}""");
        answer.Expect(422, "Invalid");
        Assert.Contains("reportingController: Required value", answer.Message, StringComparison.Ordinal);
        Assert.Contains("action: Required value", answer.Message, StringComparison.Ordinal);
    }
}
