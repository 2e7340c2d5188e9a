using System.Text.RegularExpressions;
using DynamicToolset.Backends;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Architecture;

/// <summary>A further kind of backend is one file, its rule and its place in a list: nothing else knows a kind by its name.</summary>
public sealed partial class BackendKindTests
{
    private const string Home = "src/DynamicToolset/Backends/";

    /// <summary>Files that may name kinds, and why.</summary>
    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["src/DynamicToolset/Holmes/BuiltInToolsets.cs"] = "HolmesGPT's own toolsets, ours or not",
        ["src/DynamicToolset/Capabilities/KnownWords.cs"] = "words that names of labels and indices are made of",
        ["src/DynamicToolset/Capabilities/ExternalLabels.cs"] = "a label of that name, which another product puts there",
        ["src/DynamicToolset/Holmes/ConfigForms.cs"] = "the configs of those",
        ["src/DynamicToolset/Holmes/ConfigChecks.cs"] = "one of them may have all in the environment",
        ["src/DynamicToolset/Cluster/ServiceKeeper.cs"] = "what the labels of a GitOps tool say",
        ["src/DynamicToolset/Holmes/EntryForms.cs"] = "what HolmesGPT calls a toolset that is not its own",
        ["src/DynamicToolset/Holmes/HolmesRules.cs"] = "what to write instead of a toolset of HolmesGPT's that is gone",
        ["src/DynamicToolset/Rules/RuleGrammar.cs"] = "an example in a message",
        ["src/DynamicToolset/Rules/ConditionGrammar.cs"] = "an example in a message",
        ["src/DynamicToolset.Service/Cli/HelpPage.cs"] = "an example to type",
        ["src/DynamicToolset.Service/Cli/SandboxCommand.cs"] = "an example to type",
        ["src/DynamicToolset.Service/Options/Settings.cs"] = "an example of a URL, and the text format",
        ["src/DynamicToolset.Service/Options/SettingKinds.cs"] = "an example of a value",
        ["src/DynamicToolset.Service/Reconciling/RoundLog.cs"] = "fields of a line that operators search for",
    };

    private static readonly string[] Names =
    [
        "prometheus", "grafana", "jaeger", "elasticsearch", "loki", "tempo", "opensearch", "victorialogs", "zipkin", "rabbitmq", "argocd", "kafka",
        "alertmanager",
    ];

    [Fact]
    public void A_kind_is_named_in_its_own_file_and_where_a_reason_is_given()
    {
        string[] naming = [.. Sources().Where(f => !f.StartsWith(Home, StringComparison.Ordinal)).Where(NamesAKind)];
        Assert.Empty(naming.Except(Reasons.Keys));
        Assert.Empty(Reasons.Keys.Except(naming));
    }

    [Fact]
    public void Each_kind_has_a_file_and_a_rule_of_its_name()
    {
        Assert.Equal([.. Names, "custom"], BackendKinds.All.Select(k => k.Name));
        Assert.Equal(Kinds().Order(StringComparer.Ordinal), BackendKinds.All.Select(k => k.Name).Order(StringComparer.Ordinal));
        Assert.Equal(BackendKinds.All.Remove(BackendKinds.Custom).Select(k => k.Name), BuiltInRules.All.Types.Select(t => t.Name));
    }

    [Fact]
    public void The_sample_of_each_kind_is_healthy_by_its_rule()
    {
        foreach (ToolsetType type in BuiltInRules.All.Types.Append(BuiltInRules.Custom).Where(t => !t.Health.IsConnection))
        {
            SampleResponse answer = BackendKinds.Of(type.Name).Sample(type.Health.Path);
            Assert.True(type.Health.Accepts.Contains(answer.Status), $"{type.Name} answers {answer.Status}");
        }
    }

    /// <summary>"custom" is a word of every day, and stands for the kind only where it is a whole literal.</summary>
    private static bool NamesAKind(string file)
    {
        string code = Comment().Replace(File.ReadAllText(Path.Combine(Repository.Root, file)), "");
        return BackendKinds.All.Any(k => k == BackendKinds.Custom
            ? code.Contains($"\"{k.Name}\"", StringComparison.Ordinal)
            : Regex.IsMatch(code, $@"\b{k.Name}\b", RegexOptions.IgnoreCase));
    }

    /// <summary>In lower case, of the files that hold one.</summary>
    private static IEnumerable<string> Kinds() => Sources()
        .Where(f => f.StartsWith(Home, StringComparison.Ordinal))
        .Where(f => File.ReadAllText(Path.Combine(Repository.Root, f)).Contains("static BackendKind Kind ", StringComparison.Ordinal))
        .Select(f => Path.GetFileNameWithoutExtension(f).ToLowerInvariant());

    private static string[] Sources() =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))
            .Where(f => !f.Split('/').Any(folder => folder is "obj" or "bin")),
    ];

    /// <summary>To the end of the line; that of a URL is none.</summary>
    [GeneratedRegex(@"(?<!:)//.*")]
    private static partial Regex Comment();
}
