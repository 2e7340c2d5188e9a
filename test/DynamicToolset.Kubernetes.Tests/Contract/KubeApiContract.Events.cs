using System.Text.Json.Nodes;
using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Kubernetes.Tests.Contract;

/// <summary>Events, https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/.</summary>
public abstract partial class KubeApiContract
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_Event_is_kept_with_what_it_is_about()
    {
        KubeEvent trouble = await TroubleAsync();
        await Api.CreateEventAsync(trouble, Stop);
        JsonObject read = await Cluster.GetAsync($"{Cluster.Events}/{trouble.Name}");
        Assert.Equal(("ConfigMap", "toolsets"), ((string?)read["involvedObject"]!["kind"], (string?)read["involvedObject"]!["name"]));
        Assert.Equal(trouble.Subject.Uid, (string?)read["involvedObject"]!["uid"]);
        Assert.Equal(("Trouble", "text", "Warning"), ((string?)read["reason"], (string?)read["message"], (string?)read["type"]));
        Assert.Equal((1, "2026-01-01T12:00:00Z"), ((int)read["count"]!, (string?)read["lastTimestamp"]));
    }

    [Fact]
    public async Task An_Event_is_found_by_its_object()
    {
        await Api.CreateEventAsync(await TroubleAsync(), Stop);
        Assert.Single(NamesIn(await Cluster.GetAsync($"{Cluster.Events}?fieldSelector=involvedObject.name%3Dtoolsets,involvedObject.kind%3DConfigMap")));
        Assert.Empty(NamesIn(await Cluster.GetAsync($"{Cluster.Events}?fieldSelector=involvedObject.name%3Dother")));
    }

    [Fact]
    public async Task A_repeated_Event_is_counted_and_keeps_its_first_time()
    {
        KubeEvent trouble = await TroubleAsync();
        await Api.CreateEventAsync(trouble, Stop);
        await Api.RepeatEventAsync(trouble with { Count = 2, Last = Noon.AddMinutes(5) }, Stop);
        JsonObject read = await Cluster.GetAsync($"{Cluster.Events}/{trouble.Name}");
        Assert.Equal(2, (int)read["count"]!);
        Assert.Equal(("2026-01-01T12:00:00Z", "2026-01-01T12:05:00Z"), ((string?)read["firstTimestamp"], (string?)read["lastTimestamp"]));
    }

    [Fact]
    public async Task An_Event_that_has_been_forgotten_is_not_found() =>
        await RefusalAsync(async () => await Api.RepeatEventAsync(await TroubleAsync(), Stop), 404, "NotFound");

    [Fact]
    public async Task The_same_Event_is_not_created_twice()
    {
        KubeEvent trouble = await TroubleAsync();
        await Api.CreateEventAsync(trouble, Stop);
        await RefusalAsync(() => Api.CreateEventAsync(trouble, Stop), 409, "AlreadyExists");
    }

    [Fact]
    public async Task An_Event_lies_beside_its_object()
    {
        JsonObject stray = ContractCluster.Named("e.1");
        stray["involvedObject"] = new JsonObject { ["kind"] = "ConfigMap", ["name"] = "x", ["namespace"] = "default" };
        (int code, JsonObject status) = await Cluster.AskAsync(HttpMethod.Post, Cluster.Events, stray);
        Assert.Equal((422, "Invalid"), (code, (string?)status["reason"]));
    }

    private async Task<KubeEvent> TroubleAsync()
    {
        string uid = UidOf(await Cluster.GivenAsync(("a", "1")));
        return new KubeEvent("toolsets.1", new EventSubject("ConfigMap", Cluster.Key, uid), "Trouble", "text", 1, Noon, Noon);
    }
}
