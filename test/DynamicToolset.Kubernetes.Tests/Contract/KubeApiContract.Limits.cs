using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Kubernetes.Tests.Contract;

public abstract partial class KubeApiContract
{
    private const int Mebibyte = 1024 * 1024;

    [Fact]
    public async Task A_ConfigMap_of_one_mebibyte_is_taken()
    {
        ConfigMapRecord created = await CreateAsync(("a", new string('x', Mebibyte)));
        Assert.Equal(Mebibyte, created.Data["a"].Length);
    }

    [Fact]
    public async Task A_ConfigMap_of_more_than_one_mebibyte_is_not_created()
    {
        await RefusalAsync(() => CreateAsync(("a", new string('x', Mebibyte)), ("b", "x")), 422, "Invalid");
        Assert.Null(await Api.GetConfigMapAsync(Cluster.Key, Stop));
    }

    [Fact]
    public async Task A_patch_to_more_than_one_mebibyte_is_refused_and_changes_nothing()
    {
        string version = VersionOf(await Cluster.GivenAsync(("a", new string('x', Mebibyte))));
        KubeApiException refusal = await RefusalAsync(() => PatchAsync(Changes(version, ("b", "x"))), 422, "Invalid");
        Assert.True(refusal.IsInvalid);
        Assert.Equal(version, VersionOf(await Cluster.ReadAsync()));
    }

    [Fact]
    public async Task A_body_of_more_than_three_mebibytes_is_too_large()
    {
        string version = VersionOf(await Cluster.GivenAsync(("a", "1")));
        KubeApiException refusal = await RefusalAsync(
            () => PatchAsync(Changes(version, ("a", new string('x', (3 * Mebibyte) + 1000)))), 413, "RequestEntityTooLarge");
        Assert.True(refusal.IsInvalid);
    }

    /// <summary>The API server keeps of each label by whom it was written: so many of them come to more than a mebibyte, and are still taken.</summary>
    [Fact]
    public async Task A_Service_of_more_than_a_mebibyte_is_told_of_by_name_alone_and_its_neighbours_are_read()
    {
        JsonObject huge = ContractCluster.ServiceNamed("huge");
        string prefix = string.Join('.', Enumerable.Repeat(new string('d', 63), 3)) + "." + new string('d', 60);
        huge["metadata"]!["labels"] = new JsonObject(Enumerable.Range(0, 1500).Select(i => KeyValuePair.Create($"{prefix}/{i:d63}", (JsonNode?)$"{i:d63}")));
        await Cluster.PostAsync(Cluster.Services, ContractCluster.ServiceNamed("before"));
        JsonObject posted = await Cluster.PostAsync(Cluster.Services, huge);
        await Cluster.PostAsync(Cluster.Services, ContractCluster.ServiceNamed("later"));

        KubeList<ServiceRecord> list = await Api.ListServicesAsync(Cluster.Namespace, Stop);
        Assert.Equal(["before", "huge", "later"], list.Items.Select(i => i.Key.Name).Order(StringComparer.Ordinal));
        ServiceRecord refused = Assert.Single(list.Items, i => i.Beyond is not null);
        Assert.Equal(("huge", VersionOf(posted), (string)posted["metadata"]!["uid"]!), (refused.Key.Name, refused.ResourceVersion, refused.Uid));

        await using IAsyncEnumerator<WatchEvent<ServiceRecord>> watch =
            Api.WatchServicesAsync(Cluster.Namespace, list.ResourceVersion, TimeSpan.FromMinutes(1), Stop).GetAsyncEnumerator(Stop);
        await watch.MoveNextAsync();
        await Cluster.DeleteAsync($"{Cluster.Services}/huge");
        await watch.MoveNextAsync();
        Assert.Equal((WatchEventKind.Deleted, "huge", refused.Beyond), (watch.Current.Kind, watch.Current.Item!.Key.Name, watch.Current.Item.Beyond));
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("with/slash")]
    [InlineData("with:colon")]
    [InlineData("ünïcode")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("..data")]
    [InlineData("")]
    public async Task A_key_that_is_no_file_name_is_invalid(string key)
    {
        string version = VersionOf(await Cluster.GivenAsync(("a", "1")));
        await RefusalAsync(() => PatchAsync(Changes(version, (key, "x"))), 422, "Invalid");
    }

    [Fact]
    public async Task A_key_cannot_be_in_data_and_in_binary_data()
    {
        JsonObject given = ContractCluster.Named("toolsets");
        given["binaryData"] = new JsonObject { ["a"] = "AAEC" };
        string version = VersionOf(await Cluster.PostAsync(Cluster.ConfigMaps, given));
        await RefusalAsync(() => PatchAsync(Changes(version, ("a", "x"))), 422, "Invalid");
    }

    [Fact]
    public async Task The_data_of_an_immutable_ConfigMap_cannot_be_changed()
    {
        JsonObject given = ContractCluster.WithData("toolsets", ("a", "1"));
        given["immutable"] = true;
        await Cluster.PostAsync(Cluster.ConfigMaps, given);
        ConfigMapRecord read = await GetAsync();
        Assert.True(read.Immutable);
        await RefusalAsync(() => PatchAsync(Changes(read.ResourceVersion, ("a", "2"))), 422, "Invalid");
        await RefusalAsync(() => PatchAsync(Changes(read.ResourceVersion, ("b", "2"))), 422, "Invalid");
    }

    [Fact]
    public async Task The_labels_of_an_immutable_ConfigMap_can_be_changed()
    {
        JsonObject given = ContractCluster.WithData("toolsets", ("a", "1"));
        given["immutable"] = true;
        string version = VersionOf(await Cluster.PostAsync(Cluster.ConfigMaps, given));
        Assert.Equal([new("app", "x")], (await PatchAsync(Changes(version) with { Labels = NoChanges.Add("app", "x") })).Labels);
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("under_score")]
    [InlineData("-dash")]
    public async Task A_name_that_is_no_DNS_name_is_invalid(string name) =>
        await RefusalAsync(() => Api.CreateConfigMapAsync(new ObjectKey(Cluster.Namespace, name), Content(("a", "1")), Stop), 422, "Invalid");

    [Fact]
    public async Task A_label_that_is_no_label_is_invalid()
    {
        string version = VersionOf(await Cluster.GivenAsync(("a", "1")));
        await RefusalAsync(() => PatchAsync(Changes(version) with { Labels = NoChanges.Add("app", "not a value") }), 422, "Invalid");
    }

    [Fact]
    public async Task The_version_of_the_server_is_known() => Assert.StartsWith("v1.", (await Cluster.Api.GetVersionAsync(Stop)).GitVersion, StringComparison.Ordinal);

    [Fact]
    public async Task A_wrong_token_is_unauthorized()
    {
        KubeApiClient stranger = Cluster.ClientFor(Cluster.Connection with
        {
            Credentials = new KubeCredentials.Token("wrong"),
            Tls = Cluster.Connection.Tls with { ClientCertificate = null, ClientKey = null },
        });
        KubeApiException refusal = await RefusalAsync(() => stranger.ListServicesAsync(null, Stop), 401, "Unauthorized");
        Assert.Equal(401, refusal.Code);
    }
}
