using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Rules;

namespace DynamicToolset.Bench;

/// <summary>Detection alone, in this process: time and allocation for each Service, with the built-in rules and with a user's beside them.</summary>
internal static class DetectionCommand
{
    private const int UserRules = 50;

    /// <summary>The median of an odd number of runs is one of them.</summary>
    private const int Runs = 9;

    public static Command Create()
    {
        var command = new Command("detection", "Time and allocation of detection for each Service, in a few seconds.");
        command.SetAction(_ => Execute());
        return command;
    }

    private static int Execute()
    {
        Row("", "Services", "rules", "found", "ns/Service", "B/Service", "ms");
        long start = TimeProvider.System.GetTimestamp();
        RuleSet builtIn = BuiltInRules.All;
        double parsing = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        RuleSet many = BuiltInRules.With(UserFiles()).RuleSet ?? throw new InvalidOperationException("A rule of the bench is wrong.");
        foreach (int count in (int[])[10_000, 100_000])
        {
            ImmutableArray<ServiceRecord> services = DetectionServices.Make(count);
            Measure("built-in rules", services, builtIn);
            Measure($"and {UserRules} of a user", services, many);
        }

        Console.Out.WriteLine(Format($"the built-in rules are read in {parsing:F1} ms, once, in a process that has read nothing before"));
        Console.Out.WriteLine($"here: {Machine.Describe()}, {Machine.Today()}, load average {Machine.LoadAverage()}");
        return 0;
    }

    private static void Measure(string name, ImmutableArray<ServiceRecord> services, RuleSet rules)
    {
        var detector = new Detector(rules);
        // The first run compiles.
        int found = detector.DetectAll(services).Count(d => d is Detection.Matched);
        (double Milliseconds, long Bytes)[] runs = [.. Enumerable.Range(0, Runs).Select(_ => Once(detector, services))];
        double median = runs.Select(r => r.Milliseconds).Order().ElementAt(Runs / 2);
        long bytes = runs.Select(r => r.Bytes).Order().ElementAt(Runs / 2);
        Row(
            name,
            services.Length,
            rules.Rules.Length,
            found,
            Format($"{median * 1e6 / services.Length:F0}"),
            Format($"{(double)bytes / services.Length:F0}"),
            Format($"{median:F1}"));
    }

    private static (double Milliseconds, long Bytes) Once(Detector detector, ImmutableArray<ServiceRecord> services)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = TimeProvider.System.GetTimestamp();
        detector.DetectAll(services);
        return (TimeProvider.System.GetElapsedTime(start).TotalMilliseconds, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Rules as users write them: by label, by regular expression and by the words of a name, each with two ports.</summary>
    private static IEnumerable<RuleFile> UserFiles() => Enumerable.Range(0, UserRules).Select(i => new RuleFile($"user-{i}.yaml", $$$"""
        apiVersion: {{{RuleParser.ApiVersion}}}
        kind: {{{RuleParser.Kind}}}
        metadata: {name: user-{{{i}}}}
        spec:
          match:
            any:
              - labels: {app.kubernetes.io/name: product-{{{i}}}}
              - labels: {app: {operator: Matches, values: ["product-{{{i}}}(-server)?"]}}
              - name: {operator: EndsWithWord, values: [product-{{{i}}}, product-{{{i}}}-server]}
          exclude:
            - name: {operator: EndsWithWord, values: [exporter, headless]}
          ports: [{name: http, number: {{{3000 + i}}}}, {name: http}]
          health: {path: /ready}
          toolset:
            config: {url: "{endpoint.url}"}
        """));

    private static void Row(params object[] cells) =>
        Console.Out.WriteLine($"{cells[0],-24}{string.Concat(cells.Skip(1).Select(c => Format($"{c,12}")))}");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
