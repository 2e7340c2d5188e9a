using System.Text.RegularExpressions;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Docs;

/// <summary>A page of <c>docs</c>.</summary>
internal sealed partial class MarkdownPage(string name)
{
    public string Text { get; } = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", name));

    /// <summary>Links to files and headings that are there; those to elsewhere are not looked at.</summary>
    public void AssertLinksLead()
    {
        string[] links = [.. Link().Matches(Text).Select(m => m.Groups[1].Value).Where(l => !l.Contains("://", StringComparison.Ordinal))];
        Assert.NotEmpty(links);
        foreach (string link in links)
        {
            string[] parts = link.Split('#');
            MarkdownPage? other = parts[0].Length == 0 ? this : null;
            Assert.True(other is not null || Path.Exists(Path.Combine(RepositoryRoot.Path, "docs", parts[0])), $"{link} is not there");
            if (parts.Length > 1)
                Assert.Contains(parts[1], (other ?? new MarkdownPage(parts[0])).Anchors());
        }
    }

    /// <summary>The text below a heading of the second level, up to the next.</summary>
    public string Section(string heading) =>
        Text.Split("\n## ").Single(s => s.StartsWith($"{heading}\n", StringComparison.Ordinal))[heading.Length..];

    /// <summary>As GitHub makes them: letters, digits, dashes and underscores, in lower case.</summary>
    private IEnumerable<string> Anchors() => Text.Split('\n')
        .Where(line => line.StartsWith('#'))
        .Select(line => Regex.Replace(line.TrimStart('#', ' ').ToLowerInvariant(), "[^a-z0-9 _-]", "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();
}
