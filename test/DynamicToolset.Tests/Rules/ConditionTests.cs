using DynamicToolset.Cluster;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Rules;

/// <summary>What each condition means, as it is written in a file.</summary>
public sealed class ConditionTests
{
    [Theory]
    [InlineData("labels: {app: grafana}", "app=grafana", true)]
    [InlineData("labels: {app: grafana}", "app=Grafana", false)]
    [InlineData("labels: {app: grafana}", "app=grafana2", false)]
    [InlineData("labels: {app: grafana}", "", false)]
    [InlineData("labels: {app: grafana, tier: ui}", "app=grafana", false)]
    [InlineData("labels: {app: grafana, tier: ui}", "app=grafana tier=ui", true)]
    [InlineData("selector: {app: grafana}", "app=grafana", false)]
    [InlineData("selector: {app: grafana}", ">app=grafana", true)]
    // As in Kubernetes: NotIn and DoesNotExist hold where the key is absent, In and Exists do not.
    [InlineData("labels: {a: {operator: In, values: [b, c]}}", "a=c", true)]
    [InlineData("labels: {a: {operator: In, values: [b, c]}}", "a=d", false)]
    [InlineData("labels: {a: {operator: In, values: [b, c]}}", "", false)]
    [InlineData("labels: {a: {operator: NotIn, values: [b, c]}}", "a=c", false)]
    [InlineData("labels: {a: {operator: NotIn, values: [b, c]}}", "a=d", true)]
    [InlineData("labels: {a: {operator: NotIn, values: [b, c]}}", "", true)]
    [InlineData("labels: {a: {operator: Exists}}", "a=", true)]
    [InlineData("labels: {a: {operator: Exists}}", "", false)]
    [InlineData("labels: {a: {operator: DoesNotExist}}", "a=", false)]
    [InlineData("labels: {a: {operator: DoesNotExist}}", "", true)]
    // Expressions match the whole text.
    [InlineData("labels: {a: {operator: Matches, values: ['x.*']}}", "a=xy", true)]
    [InlineData("labels: {a: {operator: Matches, values: ['x']}}", "a=xy", false)]
    [InlineData("labels: {a: {operator: Matches, values: ['y|x']}}", "a=xy", false)]
    [InlineData("labels: {a: {operator: Matches, values: ['nothing', 'x?y']}}", "a=y", true)]
    [InlineData("labels: {a: {operator: Matches, values: ['.*']}}", "", false)]
    // Words end where a dash or the text does.
    [InlineData("labels: {a: {operator: EndsWithWord, values: [prometheus]}}", "a=prometheus", true)]
    [InlineData("labels: {a: {operator: EndsWithWord, values: [prometheus]}}", "a=kube-prom-prometheus", true)]
    [InlineData("labels: {a: {operator: EndsWithWord, values: [prometheus]}}", "a=myprometheus", false)]
    [InlineData("labels: {a: {operator: EndsWithWord, values: [prometheus]}}", "a=prometheus-server", false)]
    [InlineData("labels: {a: {operator: EndsWithWord, values: [prometheus-server, prometheus]}}", "a=x-prometheus-server", true)]
    [InlineData("labels: {a: {operator: EndsWithWord, values: [prometheus]}}", "", false)]
    [InlineData("labels: {a: {operator: HasWord, values: [prometheus]}}", "a=my-prometheus-server", true)]
    [InlineData("labels: {a: {operator: HasWord, values: [prometheus]}}", "a=prometheus", true)]
    [InlineData("labels: {a: {operator: HasWord, values: [prometheus]}}", "a=prometheuses-prometheus", true)]
    [InlineData("labels: {a: {operator: HasWord, values: [prometheus]}}", "a=myprometheus-server", false)]
    [InlineData("labels: {a: {operator: HasWord, values: [prometheus]}}", "a=my-prometheus2", false)]
    [InlineData("labels: {a: {operator: HasWord, values: [a-b]}}", "a=x-a-b-y", true)]
    [InlineData("labels: {a: {operator: HasWord, values: [prometheus]}}", "", false)]
    // The Service itself.
    [InlineData("name: svc", "", true)]
    [InlineData("name: {operator: NotIn, values: [svc]}", "", false)]
    [InlineData("kind: ClusterIP", "", true)]
    [InlineData("kind: {operator: In, values: [Headless, NodePort]}", "Headless", true)]
    [InlineData("kind: {operator: In, values: [Headless, NodePort]}", "LoadBalancer", false)]
    [InlineData("port: {number: 9090}", "web:9090", true)]
    [InlineData("port: {number: 9090}", "web:9090/UDP", false)]
    [InlineData("port: {name: web, number: 9090}", "web:80 other:9090", false)]
    [InlineData("port: {name: web}", "other:9090 web:80", true)]
    [InlineData("port: {targetPort: 9090}", "web:80>9090", true)]
    [InlineData("port: {targetPort: http}", "web:80>9090", false)]
    [InlineData("port: {name: {operator: DoesNotExist}, number: 9090}", ":9090", true)]
    [InlineData("port: {name: {operator: DoesNotExist}, number: 9090}", "web:9090", false)]
    // Together.
    [InlineData("any: [{labels: {a: b}}, {labels: {c: d}}]", "c=d", true)]
    [InlineData("any: [{labels: {a: b}}, {labels: {c: d}}]", "c=e", false)]
    [InlineData("all: [{labels: {a: b}}, {labels: {c: d}}]", "a=b", false)]
    [InlineData("all: [{labels: {a: b}}, {labels: {c: d}}]", "a=b c=d", true)]
    [InlineData("not: {labels: {a: b}}", "a=b", false)]
    [InlineData("not: {labels: {a: b}}", "", true)]
    [InlineData("{name: svc, labels: {a: b}, any: [{labels: {c: d}}, {labels: {e: f}}]}", "a=b e=f", true)]
    [InlineData("{name: svc, labels: {a: b}, any: [{labels: {c: d}}, {labels: {e: f}}]}", "a=b", false)]
    public void A_condition_means_what_it_says(string condition, string service, bool isMet)
    {
        string match = condition.StartsWith('{') ? condition : $"{{{condition}}}";
        DetectorRule rule = RuleText.Parse(RuleText.WithSpec($"match: {match}"));
        Assert.Equal(isMet, rule.Match.IsMetBy(ServiceText.Parse($"ns/svc {service}")));
    }

    /// <summary>Expressions are held only as long as there is room. To compile one anew takes milliseconds and a MiB, for each Service that changes.</summary>
    [Fact]
    public void An_expression_is_looked_at_only_where_nothing_cheaper_decides()
    {
        Condition match = RuleText.Parse(RuleText.WithSpec("match: {name: {operator: Matches, values: ['(.*-)?grafana-[a-z0-9]']}, port: {number: 3000}}")).Match;
        Assert.True(match.IsMetBy(ServiceText.Parse("ns/grafana-1 web:3000")));
        ServiceRecord other = ServiceText.Parse("ns/grafana-1 web:80");
        GC.Collect();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(match.IsMetBy(other));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Theory]
    [InlineData("name: {operator: EndsWithWord, values: [exporter, vc]}", "", "the name must end with the word \"exporter\" or \"vc\"", null)]
    [InlineData("name: {operator: EndsWithWord, values: [exporter, svc]}", "", null, "the name ends with the word \"svc\"")]
    [InlineData("name: {operator: HasWord, values: [svc, b]}", "", null, "the name has the word \"svc\"")]
    [InlineData("name: {operator: Matches, values: [a, s.c]}", "", null, "the name matches \"s.c\"")]
    [InlineData("labels: {a: {operator: In, values: [b, c]}}", "a=c", null, "label a is \"c\"")]
    [InlineData("labels: {a: {operator: NotIn, values: [b, c]}}", "", null, "label a is not \"b\" or \"c\"")]
    [InlineData("selector: {a: {operator: Exists}}", ">a=b", null, "selector a is there")]
    [InlineData("annotations: {a: {operator: DoesNotExist}}", "", null, "annotation a is not there")]
    [InlineData("kind: {operator: In, values: [Headless, NodePort]}", "Headless", null, "the kind is \"Headless\"")]
    [InlineData("port: {number: 9090}", "web:9090", null, "there is the port 9090 (web)")]
    [InlineData("any: [{labels: {a: b}}, {labels: {c: d}}]", "c=d", null, "label c is \"d\"")]
    [InlineData("{name: svc, labels: {a: b}}", "a=b", null, "label a is \"b\", and the name is \"svc\"")]
    // An exception that does not apply goes without saying.
    [InlineData("{name: svc, not: {labels: {a: b}}}", "", null, "the name is \"svc\"")]
    [InlineData("not: {labels: {a: b}}", "", null, "it is not true that label a must be \"b\"")]
    public void What_holds_of_a_Service_is_told_without_what_does_not(string condition, string service, string? asked, string? told)
    {
        string match = condition.StartsWith('{') ? condition : $"{{{condition}}}";
        Condition read = RuleText.Parse(RuleText.WithSpec($"match: {match}")).Match;
        ServiceRecord record = ServiceText.Parse($"ns/svc {service}");
        Assert.Equal(told is not null, read.IsMetBy(record));
        Assert.Equal(told ?? asked, told is null ? read.Describe() : read.Tell(record));
    }

    [Theory]
    [InlineData("a:1 b:2 c:3", "b:2")]
    [InlineData("a:1 c:3", "c:3")]
    [InlineData("c:3 c:4", "c:3")]
    [InlineData("a:1", "none")]
    [InlineData("b:2/UDP c:3", "c:3")]
    public void The_first_of_the_rules_ports_that_is_there_is_chosen(string ports, string chosen)
    {
        DetectorRule rule = RuleText.Parse(RuleText.WithSpec("ports: [{name: b, number: 2}, {name: c}]"));
        Assert.Equal(chosen, rule.Choose(ServiceText.Parse($"ns/svc {ports}")) is { } port ? $"{port.Name}:{port.Number}" : "none");
    }

    [Theory]
    [InlineData("app=x :80", true)]
    [InlineData("app=x :80 role=exporter", false)]
    [InlineData("app=x :80 >a=b", false)]
    [InlineData("app=x :81", false)]
    [InlineData("app=y :80", false)]
    public void A_rule_finds_what_matches_is_not_excluded_and_has_a_port(string service, bool isFound)
    {
        DetectorRule rule = RuleText.Parse(RuleText.WithSpec("exclude: [{labels: {role: exporter}}, {selector: {a: {operator: Exists}}}]"));
        Assert.Equal(isFound, rule.FindIn(ServiceText.Parse($"ns/svc {service}")) is not null);
    }
}
