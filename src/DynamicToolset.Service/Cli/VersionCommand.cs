using System.Text;
using System.Text.Json;

namespace DynamicToolset.Service.Cli;

/// <summary>Prints version, commit and runtime.</summary>
internal static class VersionCommand
{
    private const int ShortHash = 12;

    public static string Line(BuildInfo build) =>
        $"dynamic-toolset {build.Version} (commit {Short(build.Commit)}, {build.Runtime}, {build.Platform})\n";

    private static string Short(string commit) => commit[..Math.Min(ShortHash, commit.Length)];

    public static string Json(BuildInfo build)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("version", build.Version);
            json.WriteString("commit", build.Commit);
            json.WriteString("runtime", build.Runtime);
            json.WriteString("platform", build.Platform);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }
}
