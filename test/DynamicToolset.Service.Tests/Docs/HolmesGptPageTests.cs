using System.Text.RegularExpressions;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox;
using DynamicToolset.Service.Options;
using DynamicToolset.Testing;
using DynamicToolset.Yaml;

namespace DynamicToolset.Service.Tests.Docs;

/// <summary>The page on HolmesGPT and the files that it shows are held to the program, to each other, and to what the chart takes.</summary>
public sealed partial class HolmesGptPageTests
{
    /// <summary>The values of HolmesGPT's chart that the page names: those of November 2025, and those that only 2026 has.</summary>
    private static readonly string[] ChartValues =
        ["additionalEnvVars", "additionalVolumeMounts", "additionalVolumes", "mcp_servers", "replicas", "toolsets", "additional_env_froms", "extraEnvVarsSecrets", "tls"];

    /// <summary>Variables of HolmesGPT's pod: its own, and the one that its toolsets ask for.</summary>
    private static readonly string[] HolmesVariables =
    [
        "CUSTOM_TOOLSET_LOCATION", "ENABLE_ADMIN_API", "HOLMES_API_KEY", "HOLMES_CONFIGPATH_DIR", "LOAD_CONFIG_FROM_ENV",
        "TOOLSET_STATUS_REFRESH_INTERVAL_SECONDS", "GRAFANA_API_KEY", "ARGOCD_AUTH_TOKEN", "RABBITMQ_USERNAME", "RABBITMQ_PASSWORD",
        "HOLMES_SSL_CERTFILE", "HOLMES_SSL_KEYFILE", "HOLMES_SSL_CA_CERTS",
    ];

    private static readonly string Page = Read("docs/holmesgpt.md");

    [Fact]
    public void Every_YAML_on_the_page_is_YAML_and_there_are_some()
    {
        YamlNode[] blocks = [.. Blocks().Select(Parse)];
        Assert.True(blocks.Length >= 7, $"only {blocks.Length} blocks were found");
    }

    [Fact]
    public void Values_on_the_page_and_in_the_file_are_values_of_the_chart()
    {
        YamlNode.Mapping[] values = [.. AllValues()];
        Assert.True(values.Length >= 4);
        Assert.All(values, v => Assert.Empty(v.Entries.Select(e => e.Key).Except(ChartValues)));
    }

    [Fact]
    public void What_is_mounted_is_a_directory_of_the_ConfigMap_that_is_written()
    {
        foreach (YamlNode.Mapping values in AllValues().Where(v => v["additionalVolumes"] is not null))
        {
            string[] volumes = [.. Items(values, "additionalVolumes").Select(v => Text(v, "name"))];
            Assert.Equal(volumes, Items(values, "additionalVolumeMounts").Select(m => Text(m, "name")));
            Assert.All(Items(values, "additionalVolumeMounts"), m => Assert.Equal(["name", "mountPath", "readOnly"], m.Entries.Select(e => e.Key)));
            var ours = (YamlNode.Mapping)Items(values, "additionalVolumes").First()["configMap"]!;
            Assert.Equal(["name", "items"], ours.Entries.Select(e => e.Key));
            Assert.Equal(Default("CONFIGMAP_NAME"), Text(ours, "name"));
            YamlNode.Mapping item = Assert.Single(Items(ours, "items"));
            Assert.Equal((ToolsetKey.Holmes, ToolsetKey.Holmes), (Text(item, "key"), Text(item, "path")));
        }
    }

    [Fact]
    public void The_file_that_HolmesGPT_is_told_to_read_is_the_one_that_is_mounted()
    {
        foreach (string text in (string[])[Page, Read("deploy/holmesgpt/values.yaml")])
        {
            string mount = Regex.Match(text, "mountPath: (/etc/kubernaut-toolsets)\n").Groups[1].Value;
            MatchCollection told = Regex.Matches(text, "(?:name: CUSTOM_TOOLSET_LOCATION\n +value:|custom_toolsets:\n +-) (.*)\n");
            Assert.NotEmpty(told);
            Assert.All(told, t => Assert.Equal($"{mount}/{ToolsetKey.Holmes}", t.Groups[1].Value));
        }
    }

    [Theory]
    [InlineData("values.yaml", 0)]
    [InlineData("rbac.yaml", 1)]
    [InlineData("reader-rbac.yaml", 9)]
    public void The_page_shows_the_files_as_they_are(string file, int block)
    {
        string shipped = Read($"deploy/holmesgpt/{file}");
        string withoutHead = string.Join('\n', shipped.Split('\n').SkipWhile(l => l.StartsWith('#')));
        Assert.StartsWith(Blocks().ElementAt(block), withoutHead, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rights_are_rights_and_those_of_the_service_are_the_same_as_in_its_own_namespace()
    {
        await using KubeSim api = await KubeSim.StartAsync(new KubeSimOptions(), TestContext.Current.CancellationToken);
        Assert.Null(SandboxManifests.Load(api, Read("deploy/holmesgpt/rbac.yaml")));
        Assert.Null(SandboxManifests.Load(api, Read("deploy/holmesgpt/reader-rbac.yaml")));
        Assert.Equal(ConfigMapRule("deploy/base/rbac.yaml"), ConfigMapRule("deploy/holmesgpt/rbac.yaml"));
        Assert.Equal(Subjects("deploy/base/rbac.yaml"), Subjects("deploy/holmesgpt/rbac.yaml"));
    }

    [Fact]
    public void Every_variable_on_the_page_is_a_setting_or_known_of_HolmesGPT()
    {
        string[] named = [.. Variable().Matches(Page).Select(m => m.Value).Distinct()];
        Assert.Contains("HOLMES_RELOAD_URL", named);
        Assert.Empty(named.Except(HolmesVariables).Except(Settings.Definitions.Select(s => s.Name)));
        Assert.Empty(HolmesVariables.Except(named));
    }

    [Fact]
    public void The_default_of_the_base_toolsets_is_the_one_on_the_page() =>
        Assert.Contains($"The default is `{Default("HOLMES_BASE_TOOLSETS")}`.", Page, StringComparison.Ordinal);

    [Fact]
    public void Links_lead_to_something() => new MarkdownPage("holmesgpt.md").AssertLinksLead();

    private static IEnumerable<YamlNode.Mapping> AllValues() => Blocks()
        .Append(Read("deploy/holmesgpt/values.yaml"))
        .Select(Parse)
        .OfType<YamlNode.Mapping>()
        .Where(m => m["apiVersion"] is null);

    /// <summary>Those inside lists without their indentation.</summary>
    private static IEnumerable<string> Blocks() => YamlBlock().Matches(Page).Select(m =>
        Regex.Replace(m.Groups["text"].Value, $"^{m.Groups["indent"].Value}", "", RegexOptions.Multiline));

    private static YamlNode Parse(string text)
    {
        YamlReading reading = YamlReader.Read(text);
        Assert.Null(reading.Problem);
        return Assert.Single(reading.Documents);
    }

    private static string ConfigMapRule(string file)
    {
        string text = Read(file);
        int start = text.IndexOf("    resources: [configmaps]\n", StringComparison.Ordinal);
        Assert.True(start > 0);
        return string.Join('\n', text[start..].Split('\n').Take(3));
    }

    private static string Subjects(string file) => Regex.Match(Read(file), "subjects:\n( +.*\n)+$").Value;

    private static IEnumerable<YamlNode.Mapping> Items(YamlNode.Mapping map, string key) =>
        ((YamlNode.Sequence)map[key]!).Items.Cast<YamlNode.Mapping>();

    private static string Default(string setting) => Settings.Definitions.Single(s => s.Name == setting).Default;

    private static string Text(YamlNode.Mapping map, string key) => ((YamlNode.Scalar)map[key]!).Text;

    private static string Read(string path) => File.ReadAllText(Path.Combine(RepositoryRoot.Path, path));

    [GeneratedRegex("^(?<indent> *)```yaml\n(?<text>.*?)^ *```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex YamlBlock();

    [GeneratedRegex("[A-Z]+(?:_[A-Z]+)+")]
    private static partial Regex Variable();
}
