using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Http;
using DynamicToolset.Sandbox.Resources;
using static DynamicToolset.Sandbox.Tests.Cluster;

namespace DynamicToolset.Sandbox.Tests;

public sealed class ApiServerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_token_opens_nothing_but_health()
    {
        await using Cluster cluster = await StartAsync();
        cluster.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        (await cluster.GetAsync(ConfigMaps)).Expect(401, "Unauthorized");
        (await cluster.GetAsync("/version")).Expect(401, "Unauthorized");
        foreach (string path in new[] { "/healthz", "/livez", "/readyz" })
        {
            Assert.Equal("ok", await cluster.Client.GetStringAsync(new Uri(path, UriKind.Relative), Stop));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Basic YTpi")]
    [InlineData("Bearer ")]
    public async Task Who_shows_no_token_is_anonymous_and_learns_the_version_alone(string header)
    {
        await using Cluster cluster = await StartAsync();
        cluster.Client.DefaultRequestHeaders.Remove("Authorization");
        cluster.Client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        (await cluster.GetAsync("/version")).Expect(200);
        Assert.Equal("forbidden: User \"system:anonymous\" cannot get path \"/api\"", (await cluster.GetAsync("/api")).Expect(403, "Forbidden").Message);
        Assert.StartsWith("configmaps is forbidden: User \"system:anonymous\" cannot list", (await cluster.GetAsync(ConfigMaps)).Expect(403).Message);
    }

    [Fact]
    public async Task Services_and_deployments_are_what_kubectl_means_by_all()
    {
        await using Cluster cluster = await StartAsync();
        Assert.Equal(["services"], await InAllAsync(cluster, "/api/v1"));
        Assert.Equal(["deployments"], await InAllAsync(cluster, "/apis/apps/v1"));
        Assert.Empty(await InAllAsync(cluster, "/apis/rbac.authorization.k8s.io/v1"));
    }

    [Fact]
    public async Task The_certificate_is_trusted_by_the_client_that_comes_with_it_and_by_no_other()
    {
        await using KubeSim sim = await KubeSim.StartAsync(new KubeSimOptions(), Stop);
        using HttpClient client = sim.CreateClient();
        Assert.Equal("https", sim.Url.Scheme);
        Assert.Contains("\"gitVersion\"", await client.GetStringAsync(new Uri("/version", UriKind.Relative), Stop), StringComparison.Ordinal);
        using var stranger = new HttpClient { BaseAddress = sim.Url };
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetStringAsync(new Uri("/version", UriKind.Relative), Stop));
    }

    [Theory]
    [InlineData("GET", "/api/v1/pods", 501)]
    [InlineData("GET", "/api/v1/namespaces/default/secrets/a", 501)]
    [InlineData("GET", "/apis/batch/v1/jobs", 501)]
    [InlineData("GET", "/apis/batch", 501)]
    [InlineData("GET", "/metrics", 501)]
    [InlineData("GET", ConfigMaps + "/a/status", 501)]
    [InlineData("GET", "/apis/apps/v1/namespaces/default/deployments/a", 404)]
    [InlineData("GET", "/apis/apps/v1/namespaces/default/daemonsets", 501)]
    [InlineData("GET", "/apis/events.k8s.io/v1/events", 501)]
    [InlineData("GET", "/apis/coordination.k8s.io/v2", 501)]
    [InlineData("GET", "/openapi/v3", 404)]
    [InlineData("POST", ConfigMaps + "/a", 405)]
    [InlineData("PUT", ConfigMaps, 405)]
    [InlineData("POST", "/api/v1/configmaps", 405)]
    [InlineData("DELETE", Namespaces, 405)]
    [InlineData("DELETE", "/api/v1/namespaces/default/events/a", 404)]
    [InlineData("POST", "/version", 405)]
    public async Task What_cannot_be_done_is_said_by_a_status(string method, string path, int code)
    {
        await using Cluster cluster = await StartAsync();
        Answer answer = (await cluster.SendAsync(new HttpMethod(method), path)).Expect(code);
        Assert.Equal("Status", answer.Text("kind"));
        Assert.Equal(code, (int)answer.Body["code"]!);
    }

    [Fact]
    public async Task A_missing_deployment_is_named()
    {
        await using Cluster cluster = await StartAsync();
        Answer answer = (await cluster.GetAsync("/apis/apps/v1/namespaces/default/deployments/dynamic-toolset")).Expect(404, "NotFound");
        Assert.Equal("deployments.apps \"dynamic-toolset\" not found", answer.Message);
    }

    [Theory]
    [InlineData("/api", "APIVersions")]
    [InlineData("/apis", "APIGroupList")]
    [InlineData("/api/v1", "APIResourceList")]
    [InlineData("/apis/coordination.k8s.io", "APIGroup")]
    [InlineData("/apis/coordination.k8s.io/v1", "APIResourceList")]
    [InlineData("/apis/apps/v1", "APIResourceList")]
    [InlineData("/apis/rbac.authorization.k8s.io/v1", "APIResourceList")]
    public async Task Clients_can_find_out_what_there_is(string path, string kind)
    {
        await using Cluster cluster = await StartAsync();
        Assert.Equal(kind, (await cluster.GetAsync(path)).Expect(200).Text("kind"));
    }

    [Fact]
    public async Task The_api_description_says_how_ports_are_merged()
    {
        await using Cluster cluster = await StartAsync();
        Answer document = (await cluster.GetAsync("/openapi/v2")).Expect(200);
        JsonNode ports = document.At("definitions", "io.k8s.api.core.v1.ServiceSpec", "properties", "ports")!;
        Assert.Equal("port", (string?)ports["x-kubernetes-patch-merge-key"]);
        Assert.Equal("merge", (string?)ports["x-kubernetes-patch-strategy"]);
    }

    [Fact]
    public async Task Requests_are_logged_with_what_matters_for_load()
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a");
        await cluster.PatchAsync($"{ConfigMaps}/a", "{}");
        await cluster.GetAsync($"{ConfigMaps}?limit=5");
        using Watch watch = await cluster.WatchAsync($"{ConfigMaps}?watch=1");
        await cluster.GetAsync($"{ConfigMaps}/missing");
        RequestLog log = cluster.Sim.Requests;
        Assert.Equal(["create", "patch", "list", "watch", "get"], log.Entries.Select(entry => entry.Verb));
        Assert.Equal([201, 200, 200, 200, 404], log.Entries.Select(entry => entry.Status));
        Assert.All(log.Entries, entry => Assert.Equal("configmaps", entry.Resource));
        Assert.Equal(new LoggedRequest("patch", "configmaps", "PATCH", $"{ConfigMaps}/a", MergePatch, "tester/1.0 (test)", 2, 200), log.Entries[1]);
        Assert.Equal(1, log.Count("list", "configmaps"));
        log.Clear();
        Assert.Empty(log.Entries);
    }

    [Fact]
    public async Task A_test_can_answer_in_place_of_the_server()
    {
        await using Cluster cluster = await StartAsync(new KubeSimOptions
        {
            Intercept = context =>
            {
                context.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
                return Task.FromResult(context.Request.Method == "PUT");
            },
        });
        using HttpResponseMessage response = await cluster.Client.PutAsync(new Uri(ConfigMaps, UriKind.Relative), null, Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        (await cluster.GetAsync(ConfigMaps)).Expect(200);
    }

    [Fact]
    public async Task Objects_go_in_and_out_of_the_store_by_value()
    {
        await using Cluster cluster = await StartAsync();
        var key = new ObjectKey("default", "a");
        JsonObject given = JsonNode.Parse("""{"metadata":{"name":"a"},"data":{"k":"v"}}""")!.AsObject();
        cluster.Sim.Store.Create(KubeResource.ConfigMaps, given);
        given["data"]!["k"] = "changed";
        JsonObject read = cluster.Sim.Store.Get(KubeResource.ConfigMaps, key)!;
        read["data"]!["k"] = "changed";
        Assert.Equal("v", (await cluster.GetAsync($"{ConfigMaps}/a")).Text("data", "k"));
        cluster.Sim.Store.MergePatch(KubeResource.ConfigMaps, key, JsonNode.Parse("""{"data":{"k":"new"}}""")!.AsObject());
        Assert.Equal("new", (await cluster.GetAsync($"{ConfigMaps}/a")).Text("data", "k"));
        cluster.Sim.Store.Delete(KubeResource.ConfigMaps, key);
        Assert.Null(cluster.Sim.Store.Get(KubeResource.ConfigMaps, key));
    }

    [Fact]
    public async Task Numbers_made_in_code_are_taken_and_given_whatever_their_type()
    {
        await using Cluster cluster = await StartAsync();
        JsonObject created = cluster.Sim.Store.Create(KubeResource.Services, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "s" },
            ["spec"] = new JsonObject { ["ports"] = new JsonArray(new JsonObject { ["port"] = 80, ["targetPort"] = (short)8080 }) },
        });
        JsonObject read = cluster.Sim.Store.Get(KubeResource.Services, new ObjectKey("default", "s"))!;
        Assert.Equal(80, (int)created["spec"]!["ports"]![0]!["port"]!);
        Assert.Equal(8080L, (long)read["spec"]!["ports"]![0]!["targetPort"]!);
        Assert.Equal(8080, (int)read["spec"]!["ports"]![0]!["targetPort"]!);
    }

    [Fact]
    public async Task Manifests_are_loaded_and_lists_taken_apart()
    {
        const string manifest = """
            {"kind":"List","apiVersion":"v1","items":[
              {"kind":"Namespace","apiVersion":"v1","metadata":{"name":"team"}},
              {"kind":"Service","apiVersion":"v1","metadata":{"name":"s","namespace":"team"},"spec":{"ports":[{"port":80}]}}]}
            """;
        await using Cluster cluster = await StartAsync();
        cluster.Sim.Load([JsonNode.Parse(manifest)!.AsObject()]);
        (await cluster.GetAsync("/api/v1/namespaces/team/services/s")).Expect(200);
        KubeStatusException error = Assert.Throws<KubeStatusException>(
            () => cluster.Sim.Load([JsonNode.Parse("""{"kind":"Pod","apiVersion":"v1"}""")!.AsObject()]));
        Assert.Equal(501, error.Code);
    }

    [Fact]
    public async Task Concurrent_writers_with_versions_lose_no_write()
    {
        await using Cluster cluster = await StartAsync();
        await cluster.GivenConfigMapAsync("a", """{"n":"0"}""");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => IncrementAsync(cluster, 10)));
        Assert.Equal("80", (await cluster.GetAsync($"{ConfigMaps}/a")).Text("data", "n"));
    }

    private static async Task IncrementAsync(Cluster cluster, int times)
    {
        for (int done = 0; done < times;)
        {
            Answer read = await cluster.GetAsync($"{ConfigMaps}/a");
            read.Body["data"]!["n"] = $"{int.Parse(read.Text("data", "n")!) + 1}";
            Answer written = await cluster.PutAsync($"{ConfigMaps}/a", read.Body.ToJsonString());
            done += written.Code == 200 ? 1 : 0;
        }
    }

    private static async Task<IEnumerable<string?>> InAllAsync(Cluster cluster, string path) =>
        (await cluster.GetAsync(path)).Body["resources"]!.AsArray()
            .Where(resource => resource!["categories"]?.AsArray().Any(category => (string?)category == "all") == true)
            .Select(resource => (string?)resource!["name"]);
}
