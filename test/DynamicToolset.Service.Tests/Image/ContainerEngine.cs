using DynamicToolset.Service.Tests.Cli;
using DynamicToolset.Service.Tests.EndToEnd;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Image;

/// <summary>
/// Debian's podman with an image store of its own, as a fixture. Where it cannot run a container with limits tests are skipped, except in CI.
/// </summary>
public sealed class ContainerEngine : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private string? _image;
    private string? _whyNot;

    private static bool IsRequired => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Loads the image for the first test, and tries it.</summary>
    internal async Task ReadyAsync()
    {
        BuiltImage image = BuiltImage.Find();
        InstalledProgram.Find("podman");
        InstalledProgram.Find("runc");
        if (_image is null && _whyNot is null)
            await LoadAsync(image);
        Assert.SkipUnless(_image is not null || IsRequired, $"No container runs here, and tests with containers are skipped: {_whyNot}");
        Assert.True(_image is not null, _whyNot);
    }

    /// <summary>Runs a container to its end.</summary>
    internal Task<(int ExitCode, string Output, string Error)> RunAsync(ContainerLimits limits, params string[] arguments) => RunAsync(limits, [], arguments);

    /// <summary>The same with further options of <c>podman run</c>.</summary>
    internal Task<(int ExitCode, string Output, string Error)> RunAsync(ContainerLimits limits, string[] options, params string[] arguments) =>
        BuiltProgram.RunAsync("podman", [], [.. Options(), .. RunOptions(limits), .. options, _image!, .. arguments]);

    /// <summary>Starts a container; SIGTERM to it goes to what runs in it.</summary>
    /// <param name="options">Of <c>podman run</c>.</param>
    internal PublishedProgram Start(ContainerLimits limits, string name, IEnumerable<string> options, params string[] arguments) =>
        PublishedProgram.Follow(BuiltProgram.Start("podman", [], [.. Options(), .. RunOptions(limits), "--name", name, .. options, _image!, .. arguments]));

    /// <summary>What <c>podman inspect</c> says, by a template of Go.</summary>
    internal async Task<string> InspectAsync(string container, string template)
    {
        (int code, string output, string error) = await BuiltProgram.RunAsync("podman", [], [.. Options(), "inspect", "--format", template, container]);
        Assert.True(code == 0, error);
        return output.Trim();
    }

    public async ValueTask DisposeAsync()
    {
        // Mounts that a container left would keep the folder.
        if (_image is not null)
            await BuiltProgram.RunAsync("podman", [], [.. Options(), "rm", "--all", "--force", "--time", "0"]);
        _folder.Dispose();
    }

    private async Task LoadAsync(BuiltImage image)
    {
        (int code, string output, string error) = await BuiltProgram.RunAsync("podman", [], [.. Options(), "load", "--quiet", "--input", image.Archive]);
        if (code != 0)
        {
            _whyNot = error;
            return;
        }

        _image = output.Split("Loaded image: ")[^1].Trim();
        (code, _, error) = await RunAsync(ContainerLimits.Small, "--version");
        if (code != 0)
            (_image, _whyNot) = (null, error);
    }

    /// <summary>
    /// vfs, cgroupfs and runc are what works in a container as well as on a machine. Nothing of the user's own store or settings has a say.
    /// </summary>
    private string[] Options() =>
    [
        "--root", Path.Combine(_folder.Path, "store"), "--runroot", Path.Combine(_folder.Path, "run"), "--tmpdir", Path.Combine(_folder.Path, "tmp"),
        "--storage-driver", "vfs", "--cgroup-manager", "cgroupfs", "--runtime", "runc", "--events-backend", "none",
    ];

    /// <summary>What <c>deploy/base</c> asks of the kubelet. The number of files and processes must not be more than that of whoever runs the tests.</summary>
    private static string[] RunOptions(ContainerLimits limits) =>
    [
        "run", "--rm", "--network", "host", "--log-driver", "none", "--read-only", "--read-only-tmpfs=false", "--cap-drop", "ALL",
        "--security-opt", "no-new-privileges", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000", "--memory", $"{limits.MiB}m",
        "--memory-swap", $"{limits.MiB}m", "--cpus", FormattableString.Invariant($"{limits.Cpu}"),
    ];
}

/// <param name="Cpu">Cores.</param>
internal sealed record ContainerLimits(double Cpu, int MiB)
{
    /// <summary>Those of <c>deploy/base</c>.</summary>
    public static ContainerLimits Small { get; } = new(0.05, 64);
}
