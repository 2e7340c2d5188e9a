using DynamicToolset.Service.Options;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Detectors;

/// <summary>A directory of rules, written as an editor does it or swapped as the kubelet does it. It is gone when the test ends.</summary>
internal sealed class RuleFolder : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("rules-");
    private MountedFolder? _mount;

    public string Path => _directory.FullName;

    private MountedFolder Mount => _mount ??= new MountedFolder(Path);

    /// <summary>A rule for the label <c>app: TYPE</c> and port 3100.</summary>
    public static string Rule(string name, string type = "", string health = "/ready", string config = "url: \"{endpoint.url}\"") => $$"""
        apiVersion: toolset.kubernaut.io/v1alpha1
        kind: DetectorRule
        metadata: {name: {{name}}}
        spec:
          match: {labels: {app: {{(type.Length > 0 ? type : name)}} } }
          ports: [{number: 3100}]
          health: {path: {{health}}}
          toolset: {config: { {{config}} } }
        """;

    public Settings In(Settings settings) => settings with { DetectorsDir = Path, IsDetectorsDirGiven = true };

    public Settings Settings() => In(TestCluster.Defaults());

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Write(string name, string text) => System.IO.File.WriteAllText(File(name), text);

    /// <inheritdoc cref="MountedFolder.Prepare"/>
    public string Prepare(params (string Name, string Text)[] files) => Mount.Prepare(files);

    /// <inheritdoc cref="MountedFolder.LeadTo"/>
    public void LeadTo(string prepared) => Mount.LeadTo(prepared);

    /// <inheritdoc cref="MountedFolder.Swap"/>
    public void Swap(params (string Name, string Text)[] files) => Mount.Swap(files);

    public void Dispose() => _directory.Delete(recursive: true);
}
