using System.Text.RegularExpressions;

namespace DynamicToolset.Tests.Architecture;

/// <summary>A reader who knows a type's name knows its file, and the other way round.</summary>
public sealed partial class SourceLayoutTests
{
    private const int MostLines = 300;
    private const int LongestLine = 160;

    private static readonly string[] Longer =
    [
        // Tables, which are read a line at a time.
        "src/DynamicToolset.Sandbox/Schema/KubeSchemas.cs",
    ];

    [Fact]
    public void A_file_holds_the_type_of_its_name_in_the_namespace_of_its_folder()
    {
        Assert.True(SourceFile.All.Count > 100);
        string[] wrong = [.. SourceFile.All.Select(ProblemOf).OfType<string>()];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void No_file_is_longer_than_a_reader_keeps_in_mind() =>
        Assert.Empty(SourceFile.All.Where(f => f.Text.AsSpan().Count('\n') > MostLines).Select(f => f.Path).Except(Longer));

    /// <summary>Sentences for people, and what else stands in quotes, are not broken.</summary>
    [Fact]
    public void No_line_of_code_is_longer_than_a_screen_is_wide() => Assert.Empty(
        from file in SourceFile.All
        from line in file.Text.Split('\n').Index()
        where line.Item.Length > LongestLine && !line.Item.Contains('"')
        select $"{file.Path}:{line.Index + 1}");

    [Fact]
    public void No_folder_is_named_for_what_has_no_name() =>
        Assert.DoesNotContain(SourceFile.All.SelectMany(f => f.Folder.Split('/')), name => WithoutMeaning().IsMatch(name));

    [Fact]
    public void A_log_message_has_a_number_of_its_own() =>
        Assert.Empty(SourceFile.All.SelectMany(f => MessageNumber().Matches(f.Text)).GroupBy(m => m.Groups[1].Value).Where(g => g.Count() > 1).Select(g => g.Key));

    private static string? ProblemOf(SourceFile file)
    {
        string[] types = [.. TypeLine().Matches(file.Text).Select(m => m.Groups[1].Value).Distinct()];
        // Top-level statements and what is for the whole assembly belong to no type.
        if (types.Length == 0)
            return null;
        string expected = $"{file.Project}.{file.Folder.Replace('/', '.')}".TrimEnd('.');
        string ns = NamespaceLine().Match(file.Text).Groups[1].Value;
        return ns == expected && types.Contains(file.Type) ? null : $"{file.Path} holds {string.Join(", ", types)} in the namespace {ns}";
    }

    [GeneratedRegex("^(?:Utils?|Utilities|Common|Shared|Misc|Helpers?|Managers?|Impl)$")]
    private static partial Regex WithoutMeaning();

    [GeneratedRegex(@"\[LoggerMessage\((\d+),")]
    private static partial Regex MessageNumber();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    /// <summary>A type that stands at the left edge, whatever its accessibility.</summary>
    [GeneratedRegex(@"^(?:public |internal |file |static |sealed |abstract |readonly |ref |partial |unsafe )*(?:class|record class|record struct|record|struct|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeLine();
}
