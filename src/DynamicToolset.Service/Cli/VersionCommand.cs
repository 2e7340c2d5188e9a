using System.Text.Json.Nodes;
using DynamicToolset.Manifests;
using DynamicToolset.Service.Observability;

namespace DynamicToolset.Service.Cli;

/// <summary>Prints version, commit and runtime.</summary>
internal static class VersionCommand
{
    private const int ShortHash = 12;

    public static string Line(BuildInfo build) =>
        $"dynamic-toolset {build.Version} (commit {build.Commit[..Math.Min(ShortHash, build.Commit.Length)]}, {build.Runtime}, {build.Platform})\n";

    public static string Json(BuildInfo build) => PrintedJson.Of(new JsonObject
    {
        ["version"] = build.Version,
        ["commit"] = build.Commit,
        ["runtime"] = build.Runtime,
        ["platform"] = build.Platform,
    });
}
