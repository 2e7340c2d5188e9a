using static DynamicToolset.Sandbox.Tests.Cluster;

namespace DynamicToolset.Sandbox.Tests;

public sealed class ServiceTests
{
    [Fact]
    public async Task A_service_gets_an_address_and_the_usual_defaults()
    {
        await using Cluster cluster = await StartAsync();
        Answer created = await CreateAsync(cluster, """{"ports":[{"port":80}],"selector":{"app":"a"}}""");
        string address = created.Expect(201).Text("spec", "clusterIP")!;
        Assert.StartsWith("10.96.", address, StringComparison.Ordinal);
        string expected = $$$"""
            {"ports":[{"protocol":"TCP","port":80,"targetPort":80}],"selector":{"app":"a"},"clusterIP":"{{{address}}}","clusterIPs":["{{{address}}}"],"type":"ClusterIP","sessionAffinity":"None","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","internalTrafficPolicy":"Cluster"}
            """;
        Assert.Equal(expected, created.At("spec")!.ToJsonString());
        Assert.Equal("""{"loadBalancer":{}}""", created.At("status")!.ToJsonString());
    }

    [Fact]
    public async Task A_headless_service_keeps_none()
    {
        await using Cluster cluster = await StartAsync();
        Answer created = await CreateAsync(cluster, """{"clusterIP":"None"}""");
        Assert.Equal("None", created.Expect(201).Text("spec", "clusterIP"));
    }

    [Fact]
    public async Task An_external_name_has_no_address()
    {
        await using Cluster cluster = await StartAsync();
        Answer created = await CreateAsync(cluster, """{"type":"ExternalName","externalName":"example.com"}""");
        Assert.Equal("""{"type":"ExternalName","sessionAffinity":"None","externalName":"example.com"}""", created.Expect(201).At("spec")!.ToJsonString());
    }

    [Theory]
    [InlineData("NodePort")]
    [InlineData("LoadBalancer")]
    public async Task A_service_that_is_reached_from_outside_gets_node_ports_and_keeps_them(string type)
    {
        await using Cluster cluster = await StartAsync();
        Answer created = await CreateAsync(cluster, $$$"""{"type":"{{{type}}}","ports":[{"port":80}]}""");
        int nodePort = (int)created.Expect(201).At("spec", "ports")![0]!["nodePort"]!;
        Assert.InRange(nodePort, 30000, 32767);
        Answer patched = await cluster.PatchAsync($"{Services}/s", """{"spec":{"ports":[{"port":80,"targetPort":8080}]}}""");
        Assert.Equal(nodePort, (int)patched.Expect(200).At("spec", "ports")![0]!["nodePort"]!);
        Answer inner = await cluster.PatchAsync($"{Services}/s", """{"spec":{"type":"ClusterIP"}}""");
        Assert.Null(inner.Expect(200).At("spec", "ports")![0]!["nodePort"]);
    }

    [Fact]
    public async Task No_two_services_have_the_same_address()
    {
        await using Cluster cluster = await StartAsync();
        var addresses = new HashSet<string>();
        for (int index = 0; index < 50; index++)
        {
            Answer created = await cluster.PostAsync(Services, $$$"""{"metadata":{"name":"s{{{index}}}"},"spec":{"ports":[{"port":80}]}}""");
            Assert.True(addresses.Add(created.Expect(201).Text("spec", "clusterIP")!));
        }
    }

    [Fact]
    public async Task An_update_keeps_the_address_and_may_not_change_it()
    {
        await using Cluster cluster = await StartAsync();
        Answer created = await CreateAsync(cluster, """{"ports":[{"port":80}]}""");
        Answer replaced = await cluster.PutAsync($"{Services}/s", """{"metadata":{"name":"s"},"spec":{"ports":[{"port":81}]}}""");
        Assert.Equal(created.Text("spec", "clusterIP"), replaced.Expect(200).Text("spec", "clusterIP"));
        (await cluster.PatchAsync($"{Services}/s", """{"spec":{"clusterIP":"10.96.0.1"}}""")).Expect(422, "Invalid");
    }

    [Fact]
    public async Task A_service_can_become_an_external_name_and_back()
    {
        await using Cluster cluster = await StartAsync();
        await CreateAsync(cluster, """{"ports":[{"port":80}]}""");
        Answer external = await cluster.PatchAsync($"{Services}/s", """{"spec":{"type":"ExternalName","externalName":"a.example"}}""");
        Assert.Null(external.Expect(200).At("spec", "clusterIP"));
        Answer back = await cluster.PatchAsync($"{Services}/s", """{"spec":{"type":"ClusterIP","externalName":null}}""");
        Assert.StartsWith("10.96.", back.Expect(200).Text("spec", "clusterIP"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s", "{}", "spec.ports")]
    [InlineData("6s", """{"ports":[{"port":80}]}""", "metadata.name")]
    [InlineData("s", """{"ports":[{"port":80},{"port":81}]}""", "spec.ports[0].name,spec.ports[1].name")]
    [InlineData("s", """{"ports":[{"port":0}]}""", "spec.ports[0].port,spec.ports[0].targetPort")]
    [InlineData("s", """{"ports":[{"port":70000,"targetPort":1}]}""", "spec.ports[0].port")]
    [InlineData("s", """{"ports":[{"port":80,"protocol":"X"}]}""", "spec.ports[0].protocol")]
    [InlineData("s", """{"ports":[{"port":80,"name":"B"}]}""", "spec.ports[0].name")]
    [InlineData("s", """{"ports":[{"port":80,"targetPort":"-"}]}""", "spec.ports[0].targetPort,spec.ports[0].targetPort")]
    [InlineData("s", """{"ports":[{"port":80,"name":"a"},{"port":81,"name":"a"}]}""", "spec.ports[1].name")]
    [InlineData("s", """{"ports":[{"port":80,"name":"a"},{"port":80,"name":"b"}]}""", "spec.ports[1]")]
    [InlineData("s", """{"type":"Other","ports":[{"port":80}]}""", "spec.type")]
    [InlineData("s", """{"type":"ExternalName"}""", "spec.externalName")]
    [InlineData("s", """{"clusterIP":"text","ports":[{"port":80}]}""", "spec.clusterIPs[0]")]
    [InlineData("s", """{"clusterIP":"1.2.3.4","ports":[{"port":80}]}""", "spec.clusterIPs")]
    [InlineData("s", """{"sessionAffinity":"Other","ports":[{"port":80}]}""", "spec.sessionAffinity")]
    public async Task A_bad_service_is_invalid_and_every_bad_field_is_named(string name, string spec, string fields)
    {
        await using Cluster cluster = await StartAsync();
        Answer answer = (await CreateAsync(cluster, spec, name)).Expect(422, "Invalid");
        Assert.Equal(fields, string.Join(',', answer.At("details", "causes")!.AsArray().Select(cause => (string)cause!["field"]!)));
    }

    private static Task<Answer> CreateAsync(Cluster cluster, string spec, string name = "s") =>
        cluster.PostAsync(Services, $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{{{spec}}}}""");
}
