using System.Collections.Immutable;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Rules;

/// <summary>The types and rules that come with the program.</summary>
public static class BuiltInRules
{
    /// <summary>The type of a Service that only its annotations describe.</summary>
    public static ToolsetType Custom { get; } = new("custom", "/health", AcceptsUnauthorized: false, UrlOnly());

    /// <summary>
    /// A port number decides where a port name does not: <c>web</c> is also what Alertmanager calls its port, in Services that carry
    /// <c>app: prometheus</c> after the chart. Grafana's <c>service</c> and Jaeger's <c>query</c> are used by nothing else under those labels.
    /// </summary>
    public static RuleSet All { get; } = new(
        [
            new ToolsetType("prometheus", "/-/healthy", AcceptsUnauthorized: false, ToolsetValue.Map.Of(
                ("url", Text("{endpoint.url}")), ("timeout", Text("30s")))),
            new ToolsetType("grafana", "/api/health", AcceptsUnauthorized: false, ToolsetValue.Map.Of(
                ("url", Text("{endpoint.url}")), ("apiKey", Text("${GRAFANA_API_KEY}")))),
            new ToolsetType("jaeger", "/", AcceptsUnauthorized: false, ToolsetValue.Map.Of(
                ("url", Text("{endpoint.url}")), ("query_endpoint", Text("/api/traces")))),
            new ToolsetType("elasticsearch", "/_cluster/health", AcceptsUnauthorized: true, UrlOnly()),
        ],
        [
            Rule("elasticsearch", new PortCondition("http", 9200), new PortCondition(Number: 9200), new PortCondition("http")),
            Rule("grafana", new PortCondition("service", 3000), new PortCondition("service"), new PortCondition(Number: 3000)),
            Rule("jaeger", new PortCondition("query", 16686), new PortCondition("query"), new PortCondition(Number: 16686)),
            Rule("prometheus", new PortCondition("web", 9090), new PortCondition(Number: 9090)),
        ]);

    private static DetectorRule Rule(string type, params ImmutableArray<PortCondition> ports) =>
        new(type, type, Priority: 100, [new LabelCondition("app", type)], ports);

    private static ToolsetValue.Map UrlOnly() => ToolsetValue.Map.Of(("url", Text("{endpoint.url}")));

    private static ToolsetValue.Text Text(string value) => new(value);
}
