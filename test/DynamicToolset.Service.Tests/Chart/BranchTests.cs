using System.Globalization;
using System.Text.RegularExpressions;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Chart;

/// <summary>No part of a template is left that no test renders: each branch of a copy notes that it was taken.</summary>
public sealed partial class BranchTests
{
    /// <summary>Helm renders this file last: it goes from the end of the alphabet to its beginning.</summary>
    private const string Notes = "templates/AAA.yaml";

    /// <summary>Rendered with another release, for what goes by names.</summary>
    private static readonly (string Values, string Release, string Namespace)[] Others = [("", "blue", "team-a"), ("commonLabels: {a: b}", "x", "y")];

    [Fact]
    public async Task Every_branch_of_every_template_is_taken_by_some_test()
    {
        using var helm = new Helm();
        HashSet<string> left = Instrument(helm);
        Assert.True(left.Count > 80, $"only {left.Count} branches were found");
        string chart = Path.GetDirectoryName(helm.Write("Chart.yaml", File.ReadAllText(Path.Combine(Rendering.ChartFolder, "Chart.yaml"))))!;
        IEnumerable<(string Values, string Release, string Namespace)> all =
            [.. EffectTests.Effects.Select(row => (row.Data.Item1, Rendering.Release, Rendering.Namespace)).Distinct(), .. Others];
        foreach ((string values, string release, string ns) in all)
        {
            string output = await helm.RunAsync("template", release, chart, "--namespace", ns, "--values", helm.Write("given.yaml", values));
            left.ExceptWith(Taken().Match(output).Groups[1].Value.Split(' '));
        }

        left.ExceptWith(await RefusalsAsync(left));
        Assert.Empty(left);
    }

    /// <summary>Those that refuse values render nothing: each fails with words of its own, and <see cref="SchemaTests"/> has seen these.</summary>
    private static async Task<string[]> RefusalsAsync(IEnumerable<string> left)
    {
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(Rendering.ChartFolder, "templates/_checks.tpl"), TestContext.Current.CancellationToken);
        return [.. left.Where(branch => branch.StartsWith("_checks.tpl:", StringComparison.Ordinal) && IsRefused(lines[int.Parse(branch.Split(':')[1], CultureInfo.InvariantCulture)]))];
    }

    private static bool IsRefused(string line)
    {
        string words = Words().Match(line).Groups[1].Value;
        return words.Length > 4 && SchemaTests.Refusals.Select(row => row.Data.Item2)
            .Any(seen => seen.Contains(words, StringComparison.Ordinal) || words.Contains(seen, StringComparison.Ordinal));
    }

    /// <summary>Writes the chart with a note behind each <c>if</c>, <c>else</c>, <c>with</c> and <c>range</c>.</summary>
    /// <returns>The notes: file and line.</returns>
    private static HashSet<string> Instrument(Helm helm)
    {
        HashSet<string> notes = [];
        foreach (string file in (string[])["values.yaml", "files/dashboard.json", "files/prometheusrule.yaml"])
            helm.Write(file, File.ReadAllText(Path.Combine(Rendering.ChartFolder, file)));
        string templates = Path.Combine(Rendering.ChartFolder, "templates");
        foreach (string path in Directory.EnumerateFiles(templates, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(templates, path);
            string text = File.ReadAllText(path);
            helm.Write($"templates/{name}", Branch().Replace(text, branch =>
            {
                string note = $"{name}:{text.AsSpan(0, branch.Index).Count('\n') + 1}";
                notes.Add(note);
                return $"{branch.Value}{{{{ $_ := set $.Values \"taken\" (set (default dict $.Values.taken) \"{note}\" true) {branch.Groups["trim"].Value}}}}}";
            }));
        }

        helm.Write(Notes, "# taken: {{ keys (default dict .Values.taken) | join \" \" }}\nkind: Note\n");
        return notes;
    }

    [GeneratedRegex(@"\{\{-? *(?:if|else|with|range)\b(?:[^}""]|""[^""]*"")*?(?<trim>-?)\}\}")]
    private static partial Regex Branch();

    [GeneratedRegex("# taken: (.*)")]
    private static partial Regex Taken();

    [GeneratedRegex("fail (?:\\(printf )?\"([^\"%]*)")]
    private static partial Regex Words();
}
