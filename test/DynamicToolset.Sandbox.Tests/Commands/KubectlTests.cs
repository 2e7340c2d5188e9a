using System.Diagnostics;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Testing;

namespace DynamicToolset.Sandbox.Tests.Commands;

/// <summary>What a person does who tries the sandbox out: the answers are those that they would read at a real cluster.</summary>
public sealed class KubectlTests : IAsyncLifetime
{
    private const string ConfigMap = """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: app
          labels: {tier: front}
        data:
          key: value
          text: |
            line one
            line two

        """;

    private const string Service = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, labels: {tier: front}}
        spec:
          selector: {app: web}
          ports:
          - {name: http, port: 80, targetPort: web}
          - {name: metrics, port: 9090}

        """;

    private SimulatedServer? _server;

    public static IEnumerable<TheoryDataRow<string>> Programs => Kubectl.Programs.Select(program => new TheoryDataRow<string>(program));

    private SimulatedServer Server => _server!;

    private KubeSim Sim => Server.Api;

    public async ValueTask InitializeAsync() => _server = await SimulatedServer.StartAsync();

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory, MemberData(nameof(Programs))]
    public async Task Objects_are_created_from_manifests_and_by_command(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        string manifest = kubectl.Manifest(ConfigMap + "---\n" + Service);
        Assert.Equal("configmap/app created\nservice/web created\n", await kubectl.RunAsync("create", "-f", manifest));
        Assert.Equal("configmap/two created\n", await kubectl.RunAsync("create", "configmap", "two", "--from-literal=a=b"));
        Assert.Equal("service/plain created\n", await kubectl.RunAsync("create", "service", "clusterip", "plain", "--tcp=80:8080"));
        Assert.Equal("namespace/team created\n", await kubectl.RunAsync("create", "namespace", "team"));
        (int code, string output) = await kubectl.TryAsync("create", "configmap", "two");
        Assert.Equal(1, code);
        Assert.Contains("already exists", output, StringComparison.Ordinal);
        Assert.Equal(8080, (int)Sim.Store.Get(KubeResource.Services, new ObjectKey("default", "plain"))!["spec"]!["ports"]![0]!["targetPort"]!);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task A_server_dry_run_keeps_nothing(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        Assert.Equal("configmap/a created (server dry run)\n", await kubectl.RunAsync("create", "configmap", "a", "--dry-run=server"));
        Assert.Equal("configmap/app created (server dry run)\n", await kubectl.RunAsync("apply", "--dry-run=server", "-f", kubectl.Manifest(ConfigMap)));
        Assert.Empty(Sim.Store.List(KubeResource.ConfigMaps));
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task A_field_that_does_not_exist_is_refused(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        (int code, string output) = await kubectl.TryAsync("create", "-f", kubectl.Manifest(ConfigMap.Replace("data:", "dat:", StringComparison.Ordinal)));
        Assert.Equal(1, code);
        Assert.Contains("unknown field \"dat\"", output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Objects_are_printed_in_every_form(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        await kubectl.RunAsync("create", "-f", kubectl.Manifest(ConfigMap + "---\n" + Service));
        await kubectl.RunAsync("create", "configmap", "two", "-n", "kube-system");
        string address = (string)Sim.Store.Get(KubeResource.Services, new ObjectKey("default", "web"))!["spec"]!["clusterIP"]!;
        Assert.Equal("No resources found in kube-public namespace.\n", await kubectl.RunAsync("get", "cm", "-n", "kube-public"));
        Assert.Matches("^NAME +DATA +AGE\napp +2 +[0-9]+s\n$", await kubectl.RunAsync("get", "cm"));
        Assert.Matches("^NAMESPACE +NAME +DATA +AGE\ndefault +app +2 +[0-9]+s\nkube-system +two +0 +[0-9]+s\n$", await kubectl.RunAsync("get", "cm", "-A"));
        Assert.Matches(
            $"^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\\(S\\) +AGE\nweb +ClusterIP +{address} +<none> +80/TCP,9090/TCP +[0-9]+s\n$",
            await kubectl.RunAsync("get", "svc"));
        Assert.Matches("SELECTOR\nweb .* app=web\n$", await kubectl.RunAsync("get", "services", "-o", "wide"));
        Assert.Equal("configmap/app\n", await kubectl.RunAsync("get", "cm", "-o", "name"));
        Assert.Contains("\n  text: |\n    line one\n    line two\n", await kubectl.RunAsync("get", "cm", "app", "-o", "yaml"), StringComparison.Ordinal);
        Assert.Equal("value", (string?)JsonNode.Parse(await kubectl.RunAsync("get", "cm", "app", "-o", "json"))!["data"]!["key"]);
        Assert.Equal("configmap/app\n", await kubectl.RunAsync("get", "cm", "-A", "-l", "tier in (front,back)", "-o", "name"));
        Assert.Equal("configmap/two\n", await kubectl.RunAsync("get", "cm", "-A", "--field-selector", "metadata.name=two", "-o", "name"));
        Assert.Matches("\ndefault +Active +[0-9]+s\n", await kubectl.RunAsync("get", "ns"));
        (int code, string output) = await kubectl.TryAsync("get", "cm", "missing");
        Assert.Equal(1, code);
        Assert.Equal("Error from server (NotFound): configmaps \"missing\" not found\n", output);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Long_lists_are_read_in_pages(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        for (int index = 0; index < 7; index++)
        {
            Sim.Store.Create(KubeResource.ConfigMaps, new JsonObject { ["metadata"] = new JsonObject { ["name"] = $"a{index}" } });
        }

        string[] names = (await kubectl.RunAsync("get", "cm", "--chunk-size=3", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(7, names.Length);
        Assert.Equal(3, Sim.Requests.Count("list", "configmaps"));
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Objects_are_described(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        await kubectl.RunAsync("create", "-f", kubectl.Manifest(ConfigMap + "---\n" + Service));
        string configMap = await kubectl.RunAsync("describe", "configmap", "app");
        Assert.Matches("Name: +app\n", configMap);
        Assert.Contains("key:\n----\nvalue\n", configMap, StringComparison.Ordinal);
        Assert.Matches("Events: +<none>\n", configMap);
        string service = await kubectl.RunAsync("describe", "service", "web");
        Assert.Matches("TargetPort: +web/TCP\n", service);
        Assert.Matches("Session Affinity: +None\n", service);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Apply_creates_then_changes_then_finds_nothing_to_do(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        string manifest = kubectl.Manifest(ConfigMap + "---\n" + Service);
        Assert.Equal("configmap/app created\nservice/web created\n", await kubectl.RunAsync("apply", "-f", manifest));
        long version = Sim.Store.Version;
        Assert.Equal("configmap/app unchanged\nservice/web unchanged\n", await kubectl.RunAsync("apply", "-f", manifest));
        Assert.Equal(version, Sim.Store.Version);
        string changed = kubectl.Manifest((ConfigMap + "---\n" + Service)
            .Replace("  key: value\n", "  other: value\n", StringComparison.Ordinal)
            .Replace("9090", "9091", StringComparison.Ordinal));
        Assert.Equal("configmap/app configured\nservice/web configured\n", await kubectl.RunAsync("apply", "-f", changed));
        Assert.Equal("[80,9091]", await PortsAsync(kubectl));
        Assert.Null(Sim.Store.Get(KubeResource.ConfigMaps, new ObjectKey("default", "app"))!["data"]!["key"]);
        Assert.Equal("configmap/app unchanged\nservice/web unchanged\n", await kubectl.RunAsync("apply", "-f", changed));
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Server_side_apply_names_who_is_in_the_way(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        string manifest = kubectl.Manifest(ConfigMap);
        Assert.Equal("configmap/app serverside-applied\n", await kubectl.RunAsync("apply", "--server-side", "-f", manifest));
        string changed = kubectl.Manifest(ConfigMap.Replace("key: value", "key: other", StringComparison.Ordinal));
        (int code, string output) = await kubectl.TryAsync("apply", "--server-side", "--field-manager=rival", "-f", changed);
        Assert.Equal(1, code);
        Assert.Contains("Apply failed with 1 conflict: conflict with \"kubectl\": .data.key", output, StringComparison.Ordinal);
        string[] forced = ["apply", "--server-side", "--field-manager=rival", "--force-conflicts", "-f", changed];
        Assert.Equal("configmap/app serverside-applied\n", await kubectl.RunAsync(forced));
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Diff_shows_what_apply_would_change(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        string manifest = kubectl.Manifest(ConfigMap);
        await kubectl.RunAsync("apply", "-f", manifest);
        Assert.Equal("", await kubectl.RunAsync("diff", "-f", manifest));
        string changed = kubectl.Manifest(ConfigMap.Replace("key: value", "key: other", StringComparison.Ordinal));
        (int code, string output) = await kubectl.TryAsync("diff", "-f", changed);
        Assert.Equal(1, code);
        Assert.Contains("\n-  key: value\n+  key: other\n", output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task An_object_is_edited_or_left_as_it_is(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        await kubectl.RunAsync("create", "-f", kubectl.Manifest(ConfigMap + "---\n" + Service));
        kubectl.EditBy("s/key: value/key: edited/");
        Assert.Equal("configmap/app edited\n", await kubectl.RunAsync("edit", "configmap", "app"));
        Assert.Equal("edited", await kubectl.RunAsync("get", "cm", "app", "-o", "jsonpath={.data.key}"));
        kubectl.EditBy("s/9090/9092/");
        Assert.Equal("service/web edited\n", await kubectl.RunAsync("edit", "svc", "web"));
        Assert.Equal("[80,9092]", await PortsAsync(kubectl));
        kubectl.EditBy("");
        Assert.Contains("Edit cancelled, no changes made.", await kubectl.RunAsync("edit", "configmap", "app"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task An_object_is_patched_in_three_ways(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        await kubectl.RunAsync("create", "-f", kubectl.Manifest(ConfigMap + "---\n" + Service));
        Assert.Equal(
            "configmap/app patched\n", await kubectl.RunAsync("patch", "cm", "app", "--type", "merge", "-p", """{"data":{"key":null,"new":"1"}}"""));
        string[] json = ["patch", "cm", "app", "--type", "json", "-p", """[{"op":"test","path":"/data/new","value":"1"},{"op":"remove","path":"/data/new"}]"""];
        Assert.Equal("configmap/app patched\n", await kubectl.RunAsync(json));
        Assert.Equal(1, (await kubectl.TryAsync(json)).Code);
        string[] strategic = ["patch", "svc", "web", "-p", """{"spec":{"ports":[{"port":9090,"name":"other"}]}}"""];
        Assert.Equal("service/web patched\n", await kubectl.RunAsync(strategic));
        Assert.Equal("service/web patched (no change)\n", await kubectl.RunAsync(strategic));
        Assert.Equal("[80,9090]", await PortsAsync(kubectl));
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Labels_and_annotations_are_set_and_not_overwritten_by_accident(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        await kubectl.RunAsync("create", "-f", kubectl.Manifest(Service));
        Assert.Equal("service/web annotated\n", await kubectl.RunAsync("annotate", "svc", "web", "kubernaut.io/toolset=true"));
        Assert.Equal("service/web labeled\n", await kubectl.RunAsync("label", "svc", "web", "color=red"));
        (int code, string output) = await kubectl.TryAsync("label", "svc", "web", "color=blue");
        Assert.Equal(1, code);
        Assert.Contains("--overwrite is false", output, StringComparison.Ordinal);
        Assert.Equal("service/web labeled\n", await kubectl.RunAsync("label", "svc", "web", "color=blue", "--overwrite"));
        string removed = await kubectl.RunAsync("annotate", "svc", "web", "kubernaut.io/toolset-");
        Assert.Contains("service/web annotated", removed, StringComparison.Ordinal);
        JsonNode metadata = Sim.Store.Get(KubeResource.Services, new ObjectKey("default", "web"))!["metadata"]!;
        Assert.Equal("blue", (string?)metadata["labels"]!["color"]);
        Assert.Null(metadata["annotations"]);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Objects_are_replaced_and_deleted(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        string manifest = kubectl.Manifest(ConfigMap + "---\n" + Service);
        await kubectl.RunAsync("create", "-f", manifest);
        Assert.Equal("configmap/app replaced\nservice/web replaced\n", await kubectl.RunAsync("replace", "-f", manifest));
        Assert.Equal("configmap \"app\" deleted\nservice \"web\" deleted\n", Kubectl.OfAnyRelease(await kubectl.RunAsync("delete", "-f", manifest)));
        await kubectl.RunAsync("create", "namespace", "team");
        await kubectl.RunAsync("create", "configmap", "a", "-n", "team");
        Assert.Equal("configmap \"a\" deleted\n", Kubectl.OfAnyRelease(await kubectl.RunAsync("delete", "cm", "-n", "team", "--all")));
        Assert.Equal("namespace \"team\" deleted\n", Kubectl.OfAnyRelease(await kubectl.RunAsync("delete", "ns", "team")));
        (int code, string output) = await kubectl.TryAsync("delete", "cm", "app");
        Assert.Equal(1, code);
        Assert.Equal("Error from server (NotFound): configmaps \"app\" not found\n", output);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task A_watch_prints_changes_as_they_happen(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        await kubectl.RunAsync("create", "configmap", "first");
        using Process watch = kubectl.Start("get", "cm", "-w");
        try
        {
            Assert.Matches("^NAME +DATA +AGE$", await Kubectl.NextLineAsync(watch));
            Assert.Matches("^first +0 ", await Kubectl.NextLineAsync(watch));
            await kubectl.RunAsync("create", "configmap", "second");
            Assert.Matches("^second +0 ", await Kubectl.NextLineAsync(watch));
            await kubectl.RunAsync("patch", "cm", "second", "-p", """{"data":{"a":"b"}}""");
            Assert.Matches("^second +1 ", await Kubectl.NextLineAsync(watch));
        }
        finally
        {
            watch.Kill();
        }
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task What_is_not_simulated_is_said_plainly(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        (int code, string output) = await kubectl.TryAsync("get", "--raw", "/api/v1/namespaces/default/pods");
        Assert.Equal(1, code);
        Assert.Contains("the sandbox does not simulate pods", output, StringComparison.Ordinal);
        Assert.Contains("the server doesn't have a resource type \"pods\"", (await kubectl.TryAsync("get", "pods")).Output, StringComparison.Ordinal);
    }

    private static async Task<string> PortsAsync(Kubectl kubectl)
    {
        string ports = await kubectl.RunAsync("get", "svc", "web", "-o", "jsonpath={.spec.ports[*].port}");
        return $"[{ports.Replace(' ', ',')}]";
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Events_are_listed_and_stand_under_the_object_that_they_tell_of(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        await kubectl.RunAsync("create", "configmap", "app");
        string uid = await kubectl.RunAsync("get", "cm", "app", "-o", "jsonpath={.metadata.uid}");
        await kubectl.RunAsync("create", "-f", kubectl.Manifest($$"""
            apiVersion: v1
            kind: Event
            metadata: {name: app.1, namespace: default}
            involvedObject: {apiVersion: v1, kind: ConfigMap, name: app, namespace: default, uid: {{uid}}}
            type: Normal
            reason: Repaired
            message: two keys were restored
            source: {component: dynamic-toolset}
            lastTimestamp: "2026-01-01T00:00:00Z"
            count: 3

            """));
        Assert.Matches("Normal +Repaired +configmap/app +two keys were restored\n", await kubectl.RunAsync("get", "events"));
        Assert.Matches("Normal +Repaired .*dynamic-toolset +two keys were restored\n", await kubectl.RunAsync("describe", "cm", "app"));
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Every_kind_is_found_by_its_name_and_printed(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        await kubectl.RunAsync("apply", "-f", kubectl.Manifest("""
            apiVersion: coordination.k8s.io/v1
            kind: Lease
            metadata: {name: app}
            spec: {holderIdentity: one, leaseDurationSeconds: 15}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: app}
            spec:
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: web, image: example}]}
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: bot}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader}
            rules: [{apiGroups: [""], resources: [configmaps], verbs: [get]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: reader}
            subjects: [{kind: ServiceAccount, name: bot, namespace: default}]
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: app}
            spec: {podSelector: {matchLabels: {app: x}}, policyTypes: [Egress]}

            """));
        Assert.Matches("^NAME +POD-SELECTOR +AGE\napp +app=x +[0-9]+s\n$", await kubectl.RunAsync("get", "netpol"));
        Assert.Matches("^NAME +HOLDER +AGE\napp +one +[0-9]+s\n$", await kubectl.RunAsync("get", "leases"));
        Assert.Matches("\napp +0/1 +0 +0 +[0-9]+s\n$", await kubectl.RunAsync("get", "deploy"));
        Assert.Matches("\nbot +0 +[0-9]+s\n$", await kubectl.RunAsync("get", "sa"));
        Assert.Matches("\nreader +20[0-9-]+T[0-9:]+Z\n$", await kubectl.RunAsync("get", "roles"));
        Assert.Matches("\nreader +Role/reader +[0-9]+s +default/bot\n$", await kubectl.RunAsync("get", "rolebindings", "-o", "wide"));
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task A_service_account_can_ask_what_it_may_do(string program)
    {
        using var kubectl = new Kubectl(Server.Kubeconfig, program);
        await kubectl.RunAsync("create", "serviceaccount", "bot");
        await kubectl.RunAsync("create", "role", "reader", "--verb=get,list", "--resource=configmaps");
        await kubectl.RunAsync("create", "rolebinding", "reader", "--role=reader", "--serviceaccount=default:bot");
        string token = Sim.IssueToken(new ObjectKey("default", "bot"), TimeSpan.FromHours(1));
        string kubeconfig = kubectl.Write("bot", Sim.Kubeconfig(token));
        Assert.Equal("yes\n", await kubectl.RunAsync("auth", "can-i", "list", "configmaps", "--kubeconfig", kubeconfig));
        Assert.Equal("yes\n", await kubectl.RunAsync("auth", "can-i", "get", "/version", "--kubeconfig", kubeconfig));
        (int code, string output) = await kubectl.TryAsync("auth", "can-i", "delete", "configmaps", "--kubeconfig", kubeconfig);
        Assert.Equal(1, code);
        Assert.StartsWith("no", output, StringComparison.Ordinal);
        (_, output) = await kubectl.TryAsync("get", "services", "--kubeconfig", kubeconfig);
        Assert.Contains("services is forbidden: User \"system:serviceaccount:default:bot\" cannot list", output, StringComparison.Ordinal);
    }
}
