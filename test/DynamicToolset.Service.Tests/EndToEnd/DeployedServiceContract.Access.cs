using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.EndToEnd;

public abstract partial class DeployedServiceContract
{
    /// <summary>The recipe of the README.</summary>
    [Theory]
    [InlineData("dynamic-toolset-sa")]
    [InlineData("dynamic-toolset")]
    public async Task A_token_of_a_shipped_account_reads_the_API(string account)
    {
        await using PublishedProgram program = Service.Start();
        string token = await Service.TokenAsync(account);
        JsonNode status = JsonNode.Parse(await ReadAsync(program, "/api/v1/status", token, HttpStatusCode.OK))!;
        Assert.Equal("ok", (string?)status["checks"]!.AsArray().Single(c => (string?)c!["name"] == "access-reviews")!["state"]);
        await ReadAsync(program, "/api/v1/services?namespace=monitoring", token, HttpStatusCode.OK);
        await ReadAsync(program, "/api/v1/toolsets", token, HttpStatusCode.OK);
        await ReadAsync(program, "/api/v1/toolsets", token + "x", HttpStatusCode.Unauthorized);
        await ReadAsync(program, "/api/v1/toolsets", "", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_stranger_reads_the_API_after_the_command_that_the_refusal_holds()
    {
        string name = $"jo-{Guid.NewGuid():N}"[..12];
        await Service.Kubectl.RunAsync("create", "serviceaccount", name, "-n", "kubernaut-system");
        await using PublishedProgram program = Service.Start();
        string token = await Service.TokenAsync(name);
        const string Path = "/api/v1/services?namespace=kubernaut-system";
        string refusal = (string)JsonNode.Parse(await ReadAsync(program, Path, token, HttpStatusCode.Forbidden))!["detail"]!;
        string[] command = refusal.Split("kubectl ")[1].Split(' ');
        await Service.Kubectl.RunAsync(command);
        await Patience.EventuallyAsync(async () => (await AskAsync(program, Path, token)).Code == HttpStatusCode.OK, () => "it is allowed");
        await ReadAsync(program, "/api/v1/services", token, HttpStatusCode.Forbidden);
        await ReadAsync(program, "/api/v1/status", token, HttpStatusCode.Forbidden);
    }

    private static async Task<string> ReadAsync(PublishedProgram program, string path, string token, HttpStatusCode code)
    {
        // Until the cluster was read there is nothing to tell.
        (HttpStatusCode Code, string Body) answer = (default, "");
        await Patience.EventuallyAsync(
            async () => (answer = await AskAsync(program, path, token)).Code != HttpStatusCode.ServiceUnavailable, () => $"{path} is answered");
        Assert.True(answer.Code == code, $"{path} was answered with {answer.Code}: {answer.Body}");
        return answer.Body;
    }

    private static async Task<(HttpStatusCode Code, string Body)> AskAsync(PublishedProgram program, string path, string token)
    {
        int port = ListeningLine.Ports(await program.LineAsync(ListeningLine.Text)).Api;
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        if (token.Length > 0)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
