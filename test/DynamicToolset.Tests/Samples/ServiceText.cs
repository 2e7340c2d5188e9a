using System.Collections.Immutable;
using System.Globalization;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;

namespace DynamicToolset.Tests.Samples;

/// <summary>
/// A Service in one readable line: <c>monitoring/prometheus app=prometheus web:9090 :8080/UDP api:443+https @type=custom Headless</c>,
/// with what it leads to behind a <c>></c>: <c>query:80>16686 >app=jaeger</c>.
/// </summary>
internal static class ServiceText
{
    public static ServiceRecord Parse(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] key = words[0].Split('/');
        ILookup<string, string> byForm = words.Skip(1).ToLookup(FormOf);
        ServiceKind kind = byForm["kind"].Select(Enum.Parse<ServiceKind>).SingleOrDefault();
        return new ServiceRecord(
            new ObjectKey(key[0], key[1]),
            "",
            "",
            kind,
            byForm["label"].Select(Pair).ToImmutableDictionary(p => p.Key, p => p.Value),
            byForm["annotation"].Select(w => Pair(w[1..])).ToImmutableDictionary(p => AnnotationOf(p.Key), p => p.Value),
            [.. byForm["port"].Select(ParsePort)],
            byForm["selector"].Select(w => Pair(w[1..])).ToImmutableDictionary(p => p.Key, p => p.Value));
    }

    public static ImmutableArray<ServiceRecord> ParseAll(params string[] lines) => [.. lines.Select(Parse)];

    private static string FormOf(string word) =>
        Enum.TryParse<ServiceKind>(word, out _) ? "kind" : word.StartsWith('@') ? "annotation" : word.StartsWith('>') ? "selector" : word.Contains('=', StringComparison.Ordinal) ? "label" : "port";

    private static KeyValuePair<string, string> Pair(string word)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        return KeyValuePair.Create(word[..equals], word[(equals + 1)..]);
    }

    private static string AnnotationOf(string word) => word switch
    {
        "toolset" => ToolsetAnnotations.Toolset,
        "type" => ToolsetAnnotations.Type,
        "name" => ToolsetAnnotations.Name,
        "health" => ToolsetAnnotations.HealthEndpoint,
        "port" => ToolsetAnnotations.Port,
        "scheme" => ToolsetAnnotations.Scheme,
        "serving-cert" => "service.beta.openshift.io/serving-cert-secret-name",
        _ => throw new ArgumentException($"no annotation is called {word}"),
    };

    private static ServicePort ParsePort(string word)
    {
        string[] targeted = word.Split('>');
        string[] hinted = targeted[0].Split('+');
        string[] withProtocol = hinted[0].Split('/');
        string[] nameAndNumber = withProtocol[0].Split(':');
        return new ServicePort(
            nameAndNumber[0].Length == 0 ? null : nameAndNumber[0],
            int.Parse(nameAndNumber[1], CultureInfo.InvariantCulture),
            withProtocol.Length > 1 ? withProtocol[1] : "TCP",
            hinted.Length > 1 ? hinted[1] : null,
            targeted.Length > 1 ? targeted[1] : null);
    }
}
