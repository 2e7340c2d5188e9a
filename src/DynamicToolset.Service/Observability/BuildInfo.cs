using System.Reflection;
using System.Runtime.InteropServices;

namespace DynamicToolset.Service.Observability;

/// <summary>What was built, out of what, and what it runs on.</summary>
/// <param name="Version">Semantic version, for example <c>1.0.0</c>.</param>
/// <param name="Commit">The full hash; <c>unknown</c> where the source was no git clone and the build was given none.</param>
/// <param name="Runtime">For example <c>.NET 10.0.12</c>.</param>
/// <param name="Platform">For example <c>linux-x64</c>.</param>
public sealed record BuildInfo(string Version, string Commit, string Runtime, string Platform)
{
    /// <summary>Of the running program. The build writes <c>version+commit</c> into the assembly.</summary>
    public static BuildInfo Current { get; } = Of(
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "");

    internal static BuildInfo Of(string informationalVersion)
    {
        string[] parts = informationalVersion.Split('+', 2);
        return new BuildInfo(
            parts[0].Length > 0 ? parts[0] : "unknown",
            parts.Length > 1 && parts[1].Length > 0 ? parts[1] : "unknown",
            RuntimeInformation.FrameworkDescription,
            RuntimeInformation.RuntimeIdentifier);
    }
}
