using System.Reflection;
using DynamicToolset.Holmes;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Holmes;

public sealed class HolmesLinterTests
{
    public static TheoryData<string> BadFiles { get; } = [.. HolmesFile.Names("bad")];

    public static TheoryData<string> FilesForBoth { get; } = [.. HolmesFile.Names("good/compat")];

    public static TheoryData<string> FilesForNewer { get; } = [.. HolmesFile.Names("good/current")];

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void What_HolmesGPT_would_not_take_is_found_at_its_line(string name)
    {
        HolmesFile file = HolmesFile.Open(name);
        Assert.Equal(file.Expected(HolmesTarget.Compat), file.Found(HolmesTarget.Compat));
        Assert.Equal(file.Expected(HolmesTarget.Current), file.Found(HolmesTarget.Current));
        Assert.Contains(file.Rule, file.Expected(HolmesTarget.Compat).Concat(file.Expected(HolmesTarget.Current)).Select(e => e.Split(' ')[1]));
    }

    [Theory]
    [MemberData(nameof(FilesForBoth))]
    public void What_both_generations_take_has_no_problem_for_either(string name)
    {
        Assert.Empty(Problems(name, HolmesTarget.Compat));
        Assert.Empty(Problems(name, HolmesTarget.Current));
    }

    [Theory]
    [MemberData(nameof(FilesForNewer))]
    public void What_only_the_newer_generation_takes_has_no_problem_for_that_one_alone(string name)
    {
        Assert.Empty(Problems(name, HolmesTarget.Current));
        Assert.NotEmpty(Problems(name, HolmesTarget.Compat));
    }

    [Fact]
    public void Every_rule_has_a_file_that_breaks_it()
    {
        string[] broken = [.. HolmesFile.Names("bad").Select(n => HolmesFile.Open(n).Rule).Distinct()];
        Assert.Empty(HolmesRules.All.Select(r => r.Id).Except(broken));
        Assert.Empty(broken.Except(HolmesRules.All.Select(r => r.Id)));
    }

    [Fact]
    public void Every_rule_is_listed_once_under_an_id_of_its_own()
    {
        object?[] declared = [.. typeof(HolmesRules).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(p => p.PropertyType == typeof(HolmesRule)).Select(p => p.GetValue(null))];
        Assert.Equal(declared.Length, HolmesRules.All.Length);
        Assert.Empty(declared.Except(HolmesRules.All));
        Assert.Equal(HolmesRules.All.Length, HolmesRules.All.Select(r => r.Id).Distinct().Count());
        Assert.All(HolmesRules.All, r => Assert.Matches("^[a-z]+(-[a-z]+)*$", r.Id));
    }

    [Fact]
    public void A_problem_says_what_HolmesGPT_does_and_what_to_write_and_never_the_value()
    {
        HolmesProblem problem = Assert.Single(HolmesLinter.Lint(HolmesFile.Open("bad/literal-secret").Text, HolmesTarget.Compat, []));
        Assert.Equal(
            "7:16: \"api_key\" is a secret in plain text. Everyone who may read the ConfigMap can read it. "
            + "Write {{ env.NAME }} and give HolmesGPT's pod that variable. [literal-secret]",
            problem.ToString());
    }

    [Fact]
    public void A_name_from_the_file_is_made_fit_for_a_terminal()
    {
        HolmesProblem problem = HolmesLinter.Lint("toolsets: {\"a\\e[2J.b\": {enabled: true}}", HolmesTarget.Compat, [])
            .First(p => p.Rule == HolmesRules.DottedKey);
        Assert.StartsWith("\"a\\u001b[2J.b\" is a key with a dot. HolmesGPT rejects the whole file", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("toolsets:\n  {{ .Values.name }}: {enabled: true}\n", true)]
    [InlineData("{{- if .Values.on }}\ntoolsets: {kubernetes/core: {enabled: true}}\n{{- end }}\n", true)]
    [InlineData("toolsets:\n  grafana/loki: {enabled: true, config: {url: {{ env.URL }}}}\n", false)]
    [InlineData("toolsets:\n  kubernetes/core: {enabled: true\n", false)]
    public void A_template_is_told_to_be_rendered_first(string text, bool isTemplate)
    {
        HolmesProblem problem = HolmesLinter.Lint(text, HolmesTarget.Compat, []).First(p => p.Rule == HolmesRules.Syntax);
        Assert.Equal(isTemplate, problem.Message.Contains(". It looks like a template: render it first, for example with helm template)", StringComparison.Ordinal));
    }

    [Fact]
    public void PyYAML_reads_the_good_files_as_they_are_checked()
    {
        var batch = new PyYamlBatch();
        foreach (string name in HolmesFile.Names("good/compat").Concat(HolmesFile.Names("good/current")))
        {
            string text = HolmesFile.Open(name).Text;
            batch.Expect(text, ToolsetJson.Read(text));
        }

        batch.AssertUnderstood();
    }

    private static IEnumerable<string> Problems(string name, HolmesTarget target) =>
        HolmesLinter.Lint(HolmesFile.Open(name).Text, target, ["kubernetes/core", "kubernetes/logs"]).Select(p => p.ToString());
}
