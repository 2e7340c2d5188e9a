using System.Collections.Immutable;
using System.Text;
using DynamicToolset.Backends;
using DynamicToolset.HealthCheck;
using DynamicToolset.Values;

namespace DynamicToolset.Rules;

/// <summary>The types and rules that come with the program: the files of <c>detectors/</c>, which are embedded in it.</summary>
public static class BuiltInRules
{
    private const string Folder = "detectors/";

    /// <summary>The type of a Service that only its annotations describe.</summary>
    public static ToolsetType Custom { get; } = new(
        BackendKinds.Custom.Name,
        new HealthCheckSpec("/health", AcceptedStatuses.Default),
        ToolsetValue.Map.Of(("url", new ToolsetValue.Text("{endpoint.url}"))),
        TwinRule.None);

    public static ImmutableArray<ParsedRule> Parsed { get; } = Read();

    /// <summary>The built-in rules without any of a user.</summary>
    public static RuleSet All { get; } = With([]).RuleSet ?? throw new InvalidOperationException("The built-in rules contradict each other.");

    /// <summary>The built-in rules and a user's, of which one with a built-in name takes its place.</summary>
    public static RuleSetReading With(IEnumerable<RuleFile> users)
    {
        RuleReading reading = RuleParser.ReadAll(users);
        return reading.Problems.IsEmpty ? RuleSet.Compose(Parsed, reading.Rules) : RuleSetReading.Failed(reading.Problems);
    }

    /// <summary>The text of each embedded file, by its name.</summary>
    public static ImmutableArray<RuleFile> Files() =>
    [
        .. typeof(BuiltInRules).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(n => new RuleFile(n, ReadText(n))),
    ];

    private static ImmutableArray<ParsedRule> Read()
    {
        RuleReading reading = RuleParser.ReadAll(Files());
        return reading.Problems.IsEmpty ? reading.Rules : throw new InvalidOperationException(string.Join('\n', reading.Problems));
    }

    private static string ReadText(string name)
    {
        using Stream stream = typeof(BuiltInRules).Assembly.GetManifestResourceStream(name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
