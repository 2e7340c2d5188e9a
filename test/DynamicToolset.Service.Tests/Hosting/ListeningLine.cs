using System.Text.Json.Nodes;

namespace DynamicToolset.Service.Tests.Hosting;

/// <summary>The line of the log that tells which ports were taken, where any would do.</summary>
internal static class ListeningLine
{
    public const string Text = "\"msg\":\"Listening\"";

    public static (int Api, int Metrics) Ports(string line)
    {
        int[] ports = [.. JsonNode.Parse(line)!["urls"]!.AsArray().Select(url => new Uri((string)url!).Port)];
        return (ports[0], ports[1]);
    }
}
