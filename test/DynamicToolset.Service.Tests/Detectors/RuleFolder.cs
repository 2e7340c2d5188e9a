using System.Runtime.InteropServices;
using System.Text;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Tests.Hosting;

namespace DynamicToolset.Service.Tests.Detectors;

/// <summary>A directory of rules, written as an editor does it or swapped as the kubelet does it. It is gone when the test ends.</summary>
internal sealed class RuleFolder : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("rules-");
    private int _swaps;

    public string Path => _directory.FullName;

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

    /// <summary>
    /// Makes these the files as a kubelet does: each is a link through <c>..data</c>, which leads to a new directory in one step. Links to
    /// files that are gone go last.
    /// </summary>
    public void Swap(params (string Name, string Text)[] files)
    {
        DirectoryInfo next = _directory.CreateSubdirectory($"..{_swaps++}");
        foreach ((string name, string text) in files)
            System.IO.File.WriteAllText(System.IO.Path.Combine(next.FullName, name), text);
        string link = File("..data");
        string? before = new FileInfo(link).LinkTarget;
        System.IO.File.CreateSymbolicLink(link + "_tmp", next.Name);
        Assert.Equal(0, Rename(Encoding.UTF8.GetBytes(link + "_tmp\0"), Encoding.UTF8.GetBytes(link + "\0")));
        foreach ((string name, string _) in files.Where(f => new FileInfo(File(f.Name)).LinkTarget is null))
            System.IO.File.CreateSymbolicLink(File(name), $"..data/{name}");
        foreach (string gone in Directory.EnumerateFiles(Path).Where(f => files.All(n => File(n.Name) != f)))
            System.IO.File.Delete(gone);
        if (before is not null)
            Directory.Delete(File(before), recursive: true);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    /// <summary>The library's own moves refuse a link that leads to a directory.</summary>
    [DllImport("libc", EntryPoint = "rename")]
    private static extern int Rename(byte[] from, byte[] to);
}
