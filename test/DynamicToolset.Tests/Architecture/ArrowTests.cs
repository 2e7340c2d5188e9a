using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Architecture;

/// <summary>
/// Which folder of a project may use which: <c>arrows.txt</c>. With UPDATE_GOLDEN=1 it is written anew; review each arrow that is new.
/// </summary>
public sealed class ArrowTests
{
    private static readonly string Table = Path.Combine(Repository.Root, "test", "DynamicToolset.Tests", "Architecture", "arrows.txt");

    private static readonly ILookup<string, (string From, string To)> Arrows = SourceFile.All.GroupBy(f => f.Project)
        .SelectMany(project => ArrowsOf([.. project]).Select(arrow => (project.Key, arrow))).ToLookup(a => a.Key, a => a.arrow);

    [Fact]
    public void A_folder_uses_only_the_folders_that_the_table_allows()
    {
        string now = TableOf();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(Table, now);
        string[] allowed = [.. ReadArrows(File.ReadAllText(Table))];
        string[] used = [.. ReadArrows(now)];
        string[] problems = [.. used.Except(allowed).Select(a => $"not allowed: {a}"), .. allowed.Except(used).Select(a => $"no longer used: {a}")];
        Assert.True(problems.Length == 0, $"{string.Join('\n', problems)}\nmake golden writes the table anew.");
    }

    [Fact]
    public void No_two_folders_use_each_other_directly_or_around()
    {
        string[] problems = [.. Arrows.SelectMany(project => CirclesIn([.. project]).Select(folders => $"a circle: {project.Key}: {string.Join(", ", folders)}"))];
        Assert.True(problems.Length == 0, string.Join('\n', problems));
    }

    [Fact]
    public void A_type_is_found_however_it_is_named()
    {
        string[] arrows = [.. ReadArrows(TableOf())];
        // By a using, and by the name of a type in a namespace around it.
        Assert.Contains("DynamicToolset: Rules -> Yaml", arrows);
        Assert.Contains("DynamicToolset: Holmes/Generation -> Holmes", arrows);
    }

    private static IEnumerable<(string From, string To)> ArrowsOf(IReadOnlyList<SourceFile> project)
    {
        // Top-level statements are in no namespace, and nobody uses them.
        Dictionary<string, HashSet<string>> types = project.Where(f => f.Text.Contains("\nnamespace ", StringComparison.Ordinal) || f.Text.StartsWith("namespace ", StringComparison.Ordinal))
            .GroupBy(f => f.Folder).ToDictionary(g => g.Key, g => g.Select(f => f.Type).ToHashSet());
        return project.SelectMany(file => types.Where(t => t.Key != file.Folder && file.Uses(t.Key, t.Value)).Select(t => (NameOf(file.Folder), NameOf(t.Key)))).Distinct();
    }

    private static string NameOf(string folder) => folder.Length == 0 ? "." : folder;

    private static string TableOf() => string.Join("\n", Arrows.OrderBy(p => p.Key, StringComparer.Ordinal).Select(project => $"{project.Key}\n{LinesOf([.. project])}"));

    private static string LinesOf(IReadOnlyList<(string From, string To)> arrows) => string.Concat(arrows
        .GroupBy(a => a.From, a => a.To).OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => $"  {g.Key,-18} -> {string.Join(", ", g.Order(StringComparer.Ordinal))}\n"));

    private static IEnumerable<string> ReadArrows(string table)
    {
        string project = "";
        foreach (string line in table.Split('\n').Where(line => line.Length > 0))
        {
            if (!line.StartsWith(' '))
            {
                project = line;
                continue;
            }

            string[] sides = line.Split(" -> ");
            foreach (string to in sides[1].Split(", "))
                yield return $"{project}: {sides[0].Trim()} -> {to}";
        }
    }

    private static IEnumerable<string[]> CirclesIn(IReadOnlyList<(string From, string To)> arrows)
    {
        string[] folders = [.. arrows.Select(a => a.From).Distinct()];
        ILookup<string, string> next = arrows.ToLookup(a => a.From, a => a.To);
        Dictionary<string, HashSet<string>> reached = folders.ToDictionary(f => f, f => Reached(f, next));
        return folders.Select(f => folders.Where(other => reached[f].Contains(other) && reached[other].Contains(f)).Order(StringComparer.Ordinal).ToArray())
            .Where(circle => circle.Length > 1).DistinctBy(circle => circle[0]);
    }

    private static HashSet<string> Reached(string from, ILookup<string, string> next)
    {
        HashSet<string> reached = [];
        var left = new Stack<string>(next[from]);
        while (left.TryPop(out string? folder))
        {
            if (!reached.Add(folder))
                continue;
            foreach (string further in next[folder])
                left.Push(further);
        }

        return reached;
    }
}
