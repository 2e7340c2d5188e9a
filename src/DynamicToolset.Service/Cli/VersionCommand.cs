using System.Text.Json.Nodes;
using DynamicToolset.Manifests;
using DynamicToolset.Service.Observability;

namespace DynamicToolset.Service.Cli;

/// <summary>Prints version, commit and runtime.</summary>
internal static class VersionCommand
{
    private const int ShortHash = 12;

    public static string Line(BuildInfo build) =>
        $"dynamic-toolset {build.Version} (commit {Short(build.Commit)}, {build.Runtime}, {build.Platform})\n";

    private static string Short(string commit) => commit[..Math.Min(ShortHash, commit.Length)];

    public static string Json(BuildInfo build) => PrintedJson.Of(new JsonObject
    {
        ["version"] = build.Version,
        ["commit"] = build.Commit,
        ["runtime"] = build.Runtime,
        ["platform"] = build.Platform,
    });
}
