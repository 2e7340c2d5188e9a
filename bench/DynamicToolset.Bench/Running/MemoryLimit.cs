namespace DynamicToolset.Bench.Running;

/// <summary>A control group of the kernel that holds one process to so much memory, as a container does; it kills what cannot be held.</summary>
internal sealed class MemoryLimit : IDisposable
{
    private static readonly string Root = Directory.Exists("/sys/fs/cgroup/memory") ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup";
    private static readonly bool IsFirstVersion = Root.EndsWith("memory", StringComparison.Ordinal);

    private readonly string _group;

    /// <exception cref="UnauthorizedAccessException">Only root may make such a group.</exception>
    public MemoryLimit(int mebibytes)
    {
        _group = Path.Combine(Root, $"dynamic-toolset-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(_group);
        File.WriteAllText(Path.Combine(_group, IsFirstVersion ? "memory.limit_in_bytes" : "memory.max"), $"{mebibytes * 1024L * 1024}");
    }

    /// <summary>Where a process enters by writing its number.</summary>
    public string Door => Path.Combine(_group, "cgroup.procs");

    /// <summary>Pages of files count too, until the kernel needs them for something else.</summary>
    public double PeakMiB => Read(IsFirstVersion ? "memory.max_usage_in_bytes" : "memory.peak") / (1024.0 * 1024);

    private long Read(string file) => long.Parse(File.ReadAllText(Path.Combine(_group, file)));

    public void Dispose() => Directory.Delete(_group);
}
