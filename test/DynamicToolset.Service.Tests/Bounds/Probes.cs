using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Holmes;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Kubernetes.Serialization;
using DynamicToolset.Kubernetes.Tests.Scripted;
using DynamicToolset.Manifests;
using DynamicToolset.Messages;
using DynamicToolset.Overrides;
using DynamicToolset.Rules;
using DynamicToolset.Service.Cli;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.MountedFiles;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Overriding;
using DynamicToolset.Testing;
using DynamicToolset.Yaml;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Bounds;

/// <summary>For each bound an input with so much of what it bounds, and what is said of it: null where it is taken.</summary>
internal sealed class Probes : IDisposable
{
    private const string NodesUnit = "keys, values, lists and maps";

    private static readonly Detector Detector = new(BuiltInRules.All);
    private static readonly ObjectKey Key = new("n", "c");

    private readonly TestFolder _folder = new();
    private readonly Dictionary<Bound, Func<long, Task<string?>>> _all;

    public Probes()
    {
        _all = new()
        {
            [ServiceBounds.Labels] = n => OfServiceAsync($$"""{"labels":{{{Pairs("l", n)}}} }"""),
            [ServiceBounds.Selector] = n => OfServiceAsync("{}", $$"""{"selector":{{{Pairs("s", n)}}} }"""),
            [ServiceBounds.Annotations] = n => OfServiceAsync($$"""{"annotations":{{{Pairs("kubernaut.io/a", n)}}} }"""),
            [ServiceBounds.Ports] = n => OfServiceAsync("{}", $$"""{"ports":[{{Join(n, i => $$"""{"port":{{i + 1}}}""")}}]}"""),
            [ServiceBounds.Text] = n => OfServiceAsync($$"""{"labels":{"a":"{{Fill(n)}}"} }"""),
            [ServiceBounds.Json] = n => OfServiceAsync(PaddedTo(n - "{}".Length, """{"name":"a","namespace":"n","resourceVersion":"1","x":"?"}"""), named: true),
            [ServiceBounds.Memory] = n => Said(Refusal(ServiceBounds.Within(ServiceCosting(n, "a")))),
            [ServiceBounds.ForeignAnnotation] = async n => (await ListedAsync(Service($$"""{"annotations":{"a":"{{Fill(n)}}"} }"""))).Annotations.Count == 1 ? null : $"{ServiceBounds.ForeignAnnotation}",
            [ServiceBounds.Share] = n => Said(ServiceShares.Of(ServicesCosting(n)).Select(Refusal).SingleOrDefault(r => r is not null)),
            [Detector.Backends] = n => Said(Detector.DetectAll(Enumerable.Range(0, (int)n).Select(Backend)).Select(ProblemOf).SingleOrDefault(p => p is not null)),

            [AnswerBounds.Service] = async n => Refusal(await ListedAsync(PaddedTo(n, $$"""{{Service("{}")[..^1]}},"status":"?"}"""))),
            // It is looked for whenever bytes have come, of which there may be 64 KiB at once.
            [AnswerBounds.Token] = async n => await FailureAsync(n <= AnswerBounds.Token.Most ? n - 2 : n + (64 * 1024), HugeService, c => c.ListServicesAsync(null, Stop)),
            [AnswerBounds.ConfigMap] = n => FailureAsync(n, m => PaddedTo(m, $$"""{"metadata":{"name":"c","resourceVersion":"1"},"data":{"a":"?"} }"""), c => c.GetConfigMapAsync(Key, Stop)),
            [AnswerBounds.Deployment] = n => FailureAsync(n, m => PaddedTo(m, """{"metadata":{"uid":"u"},"spec":"?"}"""), c => c.GetDeploymentAsync(Key, Stop)),
            [AnswerBounds.Lease] = n => FailureAsync(n, m => PaddedTo(m, """{"metadata":{"name":"l","resourceVersion":"1"},"status":"?"}"""), c => c.GetLeaseAsync(Key, Stop)),
            [AnswerBounds.ListMetadata] = n => FailureAsync(
                n, m => $$"""{"kind":"ServiceList","metadata":{{PaddedTo(m, """{"resourceVersion":"1","x":"?"}""")}},"items":[]}""", c => c.ListServicesAsync(null, Stop)),
            [AnswerBounds.Review] = n => FailureAsync(n, m => PaddedTo(m, """{"status":{"authenticated":true,"user":{"username":"u"},"error":"?"}}"""), c => c.ReviewTokenAsync("t", [], Stop)),
            [AnswerBounds.Version] = n => FailureAsync(n, m => PaddedTo(m, """{"gitVersion":"v1","x":"?"}"""), c => c.GetVersionAsync(Stop)),
            [AnswerBounds.Refusal] = async n => (await RefusalAsync(PaddedTo(n, """{"kind":"Status","message":"said so","x":"?"}"""))).Answer == "said so" ? null : $"{AnswerBounds.Refusal}",

            [OverrideParser.Nodes] = n => Said(OverrideFiles.Read([new("a", "a: {config: {b: 1}}"), new("b", $"a: {{config: {{b: {ListOf(n - 13)}}}}}")], []).Problems.SingleOrDefault()?.Message),
            [YamlReader.Depth] = n => Said(YamlReader.Read($"{new string('[', (int)n)}{new string(']', (int)n)}").Problem is { } p && p.Message.Contains($"{YamlReader.Depth}", StringComparison.Ordinal) ? $"{YamlReader.Depth}" : null),
            [YamlReader.Nodes] = n => Said(OverrideParser.Parse($"a: {{config: {{b: {ListOf(n - 6)}}}}}").Problem?.Message),
            [RuleParser.Nodes] = n => SaidOfNodes(RuleParser.ReadAll([new RuleFile("a", ListOf(n / 2)), new RuleFile("b", ListOf(n - (n / 2)))]).Problems.Select(p => p.Message)),
            [RuleParser.Expressions] = n => Said(RuleParser.ReadAll([new RuleFile("a", RuleMatching(n / 2, "a")), new RuleFile("b", RuleMatching(n - (n / 2), "b"))]).Problems.FirstOrDefault()?.Message),
            [HolmesLinter.Nodes] = n => SaidOfNodes(HolmesLinter.Lint(ListOf(n), HolmesTarget.Compat, []).Select(p => p.Message)),
            [ServiceManifests.Nodes] = n => SaidOfNodes(ServiceManifests.Read($$"""{"kind":"X","a":{{ListOf(n - 4)}}}""").Problems.Select(p => p.Message)),
            [ServiceManifests.HeldNodes] = n => Said(YamlReader.ReadAsKubectl($$"""{"kind":"X","a":{{ListOf(n - 4)}}}""", ServiceManifests.HeldNodes).Problem?.Message),
            [ConnectionBounds.KubeconfigNodes] = n => Said(ConnectionFailure($"current-context: c\na: {ListOf(n - 4)}")),

            [FileBounds.Manifests] = ManifestsAsync,
            [FileBounds.Overrides] = n => FileFailureAsync(path => ManifestFile.ReadAsync(path, FileBounds.Overrides, Stop), n),
            [FileBounds.Checked] = n => FileFailureAsync(path => ManifestFile.ReadEachAsync([new(path, IsFound: false), new(path, IsFound: false)], FileBounds.Checked, Stop), (n / 2) + (n % 2)),
            [FileBounds.Journal] = JournalAsync,
            [FileBounds.Rounds] = RoundsAsync,
            [FileBounds.Settings] = n => Said(SettingsFile.Open(Comment(n), TimeProvider.System).Problems.SingleOrDefault()),
            [RuleSource.MostFiles] = n => Said(FilesOf(RuleSource.Bounds, Enumerable.Repeat("", (int)n))),
            [RuleSource.Size] = n => Said(FilesOf(RuleSource.Bounds, [$"#{Fill((n / 2) - 1)}", $"#{Fill(n - (n / 2) - 1)}"])),
            [OverrideSource.MostFiles] = n => Said(FilesOf(OverrideSource.Bounds, Enumerable.Repeat("", (int)n))),
            [OverrideSource.Size] = n => Said(FilesOf(OverrideSource.Bounds, [$"#{Fill((n / 2) - 1)}", $"#{Fill(n - (n / 2) - 1)}"])),
            [ConnectionBounds.Kubeconfig] = n => Said(ConnectionFailure($"current-context: c\n#{Fill(n - "current-context: c\n#".Length)}")),
            [ConnectionBounds.Certificates] = n => ConnectingFailureAsync(s => s.Connection with { Tls = new KubeTls { CertificateAuthority = new PemSource.File(Comment(n)) } }),
            [ConnectionBounds.Token] = n => ConnectingFailureAsync(s => s.Connection with { Credentials = new KubeCredentials.TokenFile(_folder.Write("token", Fill(n))) }),
            [ConnectionBounds.Namespace] = n => Said(NamespaceFailure(n)),
            [ConnectionBounds.PluginTime] = PluginTimeAsync,
            [ConnectionBounds.PluginOutput] = n => PluginFailureAsync($"head -c {n} /dev/zero"),
            [ConnectionBounds.PluginComplaint] = n => PluginFailureAsync($"head -c {n} /dev/zero >&2"),
        };
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>One that is not here has no test.</summary>
    public Func<long, Task<string?>> Of(Bound bound) => _all[bound];

    public void Dispose() => _folder.Dispose();

    private static Task<string?> Said(string? what) => Task.FromResult(what);

    /// <summary>A line that is cut off is ignored.</summary>
    private Task<string?> JournalAsync(long size)
    {
        const string Header = "{\"journal\":1}\n";
        return Said(Record.Exception(() => ReplayCommand.Read(_folder.Write("journal", Header + Fill(size - Header.Length))))?.Message);
    }

    private Task<string?> RoundsAsync(long count)
    {
        const string Round = "{\"round\":1,\"at\":\"2026-01-02T03:04:05Z\",\"decision\":{}}\n";
        string text = $"{{\"journal\":1}}\n{{\"start\":{{}}}}\n{string.Concat(Enumerable.Repeat(Round, (int)count))}";
        return Said(Record.Exception(() => ReplayCommand.Read(_folder.Write("journal", text)))?.Message);
    }

    private static Task<string?> SaidOfNodes(IEnumerable<string> problems) => Said(problems.FirstOrDefault(p => p.Contains(NodesUnit, StringComparison.Ordinal)));

    private static string Fill(long length) => new('x', (int)length);

    private static string Join(long count, Func<int, string> item) => string.Join(',', Enumerable.Range(0, (int)count).Select(item));

    private static string Pairs(string prefix, long count) => Join(count, i => $"\"{prefix}{i}\":\"v\"");

    private static string RuleMatching(long expressions, string name) =>
        $"apiVersion: {RuleParser.ApiVersion}\nkind: {RuleParser.Kind}\nmetadata: {{name: {name}}}\nspec: {{enabled: false, match: {{name: {{operator: Matches, values: [{Join(expressions, i => $"x{i}")}]}}}}}}\n";

    /// <summary>A list with so many nodes, itself one of them.</summary>
    private static string ListOf(long nodes) => $"[{Join(nodes - 1, _ => "0")}]";

    /// <summary>With text in the place of the question mark, so that all of it is that long.</summary>
    private static string PaddedTo(long length, string json) => json.Replace("?", Fill(length - json.Length + 1), StringComparison.Ordinal);

    private static string Service(string metadata, string spec = "{}") =>
        $$$"""{"metadata":{"name":"a","namespace":"n","resourceVersion":"1",{{{metadata.Trim()[1..]}}},"spec":{{{spec}}}}""".Replace(",}", "}", StringComparison.Ordinal);

    private static async Task<string?> OfServiceAsync(string metadata, string spec = "{}", bool named = false) =>
        Refusal(await ListedAsync(named ? $$"""{"metadata":{{metadata}},"spec":{{spec}}}""" : Service(metadata, spec)));

    private static async Task<ServiceRecord> ListedAsync(string item)
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, Json.ServiceList("1", "", item)));
        using KubeApiClient client = server.Client();
        return Assert.Single((await client.ListServicesAsync(null, Stop)).Items);
    }

    /// <summary>Too large to be held, with one text of so many bytes in it.</summary>
    private static string HugeService(long text)
    {
        string filler = string.Join(',', Enumerable.Repeat($"\"{Fill(1000)}\"", 2000));
        return Json.ServiceList("1", "", $$"""{{Service("{}")[..^1]}},"a":[{{filler}}],"b":"{{Fill(text)}}"}""");
    }

    private static string? Refusal(ServiceRecord service) => ProblemOf(Detector.Detect(service));

    private static string? ProblemOf(Detection detection) => (detection as Detection.Rejected)?.Problem;

    private static ServiceRecord Backend(int i) => ServiceCosting(0, $"s-{i:d5}") with
    {
        Annotations = new Dictionary<string, string> { [ToolsetAnnotations.Toolset] = "true", [ToolsetAnnotations.Type] = "custom" },
        Ports = [new ServicePort(null, 80)],
    };

    /// <summary>All costs are even: one more than a bound is two more.</summary>
    private static ServiceRecord ServiceCosting(long cost, string name)
    {
        var empty = new Dictionary<string, string>();
        var service = new ServiceRecord(new ObjectKey("n", name), "", "", ServiceKind.ClusterIP, empty, empty, [], empty);
        if (cost == 0)
            return service;
        Dictionary<string, string> labels = Enumerable.Range(0, 40).ToDictionary(i => $"l{i:d2}", _ => "");
        long characters = (cost + (cost % 2) - ServiceBounds.CostOf(service with { Labels = labels })) / 2;
        foreach (string key in labels.Keys)
            labels[key] = Fill(Math.Min(characters, ServiceBounds.Text.Most - 10) is > 0 and var some && (characters -= some) >= 0 ? some : 0);
        return service with { Labels = labels };
    }

    private static IEnumerable<ServiceRecord> ServicesCosting(long cost)
    {
        const int Usual = 50_000;
        for (int i = 0; cost > 0; i++)
        {
            ServiceRecord next = ServiceCosting(cost > 2 * Usual ? Usual : (cost > 64_000 ? cost / 2 : cost), $"s-{i:d5}");
            cost -= ServiceBounds.CostOf(next);
            yield return next;
        }
    }

    private static async Task<string?> FailureAsync(long length, Func<long, string> answer, Func<KubeApiClient, Task> ask)
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, answer(length)));
        using KubeApiClient client = server.Client();
        return (await Record.ExceptionAsync(() => ask(client)))?.Message;
    }

    private static async Task<KubeApiException> RefusalAsync(string body)
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(500, body));
        using KubeApiClient client = server.Client();
        return await Assert.ThrowsAsync<KubeApiException>(() => client.GetVersionAsync(Stop));
    }

    /// <summary>Whatever else is wrong with it: null.</summary>
    private static string? OfBound(string? message) => message?.Contains("more than", StringComparison.Ordinal) == true ? message : null;

    private string Comment(long length) => _folder.Write("file", $"#{Fill(length - 1)}");

    private string? ConnectionFailure(string kubeconfig)
    {
        string path = _folder.Write("kubeconfig", kubeconfig);
        return OfBound(Record.Exception(() => KubeConnectionResolver.Resolve(new KubeEnvironment(_ => null, ""), path))?.Message);
    }

    private string? NamespaceFailure(long length)
    {
        _folder.Write("token", "t");
        _folder.Write("namespace", Fill(length));
        var environment = new KubeEnvironment(name => name == "KUBERNETES_SERVICE_PORT" ? "443" : "10.0.0.1", "", _folder.Path);
        return Record.Exception(() => KubeConnectionResolver.Resolve(environment, null))?.Message;
    }

    private static async Task<string?> ConnectingFailureAsync(Func<ScriptedServer, KubeConnection> connection)
    {
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, """{"gitVersion":"v1"}"""));
        using var client = new KubeApiClient(connection(server), TimeProvider.System);
        return OfBound((await Record.ExceptionAsync(() => client.GetVersionAsync(Stop)))?.Message);
    }

    private Task<string?> PluginFailureAsync(string script)
    {
        var plugin = new ExecPlugin(_folder.WriteScript("plugin", script), [], [], "client.authentication.k8s.io/v1", "", null, "kubeconfig:1:1");
        return ConnectingFailureAsync(s => s.Connection with { Credentials = new KubeCredentials.Exec(plugin) });
    }

    /// <summary>It answers an instant before that many seconds have passed.</summary>
    private async Task<string?> PluginTimeAsync(long seconds)
    {
        string place = Path.Combine(_folder.Path, $"{seconds}");
        const string Answer = """{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t"}}""";
        string script = _folder.WriteScript("plugin", $"touch '{place}.runs'; until [ -e '{place}.go' ]; do sleep 0.02; done; printf '%s' '{Answer}'");
        var plugin = new ExecPlugin(script, [], [], "client.authentication.k8s.io/v1", "", null, "kubeconfig:1:1");
        var time = new FakeTimeProvider();
        await using var server = new ScriptedServer(e => e.AnswerAsync(200, """{"gitVersion":"v1"}"""));
        using var client = new KubeApiClient(
            server.Connection with { Credentials = new KubeCredentials.Exec(plugin) }, time, new KubeApiClientOptions { RequestTimeout = TimeSpan.FromHours(1) });
        Task<KubeVersion> call = client.GetVersionAsync(Stop);
        await Patience.EventuallyAsync(() => File.Exists($"{place}.runs"), "the plugin runs");
        time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        File.WriteAllText($"{place}.go", "");
        return (await Record.ExceptionAsync(() => call.WithPatienceAsync()))?.Message;
    }

    private string? FilesOf(DirectoryBounds bounds, IEnumerable<string> files)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, $"files-{Guid.NewGuid():N}")).FullName;
        foreach ((int i, string text) in files.Index())
            File.WriteAllText(Path.Combine(folder, $"{i:d5}.yaml"), text);
        return new MountedDirectory(folder, isRequired: true, bounds).Read().Problems.SingleOrDefault()?.Message;
    }

    private async Task<string?> FileFailureAsync(Func<string, Task> read, long length) => (await Record.ExceptionAsync(() => read(Comment(length))))?.Message;

    /// <summary>Beyond, the length of a file is looked at and nothing is read; what fits would take a gigabyte, so it is tried at a thousandth.</summary>
    private Task<string?> ManifestsAsync(long length)
    {
        if (length <= FileBounds.Manifests.Most)
            return FileFailureAsync(path => ManifestFile.ReadEachAsync([new(path, IsFound: false)], FileBounds.Manifests with { Most = 1000 }, Stop), length - FileBounds.Manifests.Most + 1000);
        string sparse = Path.Combine(_folder.Path, "sparse");
        using (FileStream file = File.Create(sparse))
            file.SetLength(length);
        return FileFailureAsync(_ => ManifestFile.ReadAllAsync(new ManifestPaths([sparse]), Stop), 1);
    }
}
