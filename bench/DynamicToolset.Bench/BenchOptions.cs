using System.CommandLine;

namespace DynamicToolset.Bench;

/// <summary>What several benches are asked with.</summary>
internal static class BenchOptions
{
    public static Option<FileInfo> Program() => new("--program") { Description = "The published executable.", Required = true };

    /// <summary>Of a bench that needs a real API server.</summary>
    public static Option<DirectoryInfo> Assets() => new("--real") { Description = "A folder with etcd and kube-apiserver.", Required = true };
}
