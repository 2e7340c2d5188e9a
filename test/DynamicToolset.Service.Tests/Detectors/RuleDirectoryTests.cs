using DynamicToolset.Rules;
using DynamicToolset.Service.Detectors;

namespace DynamicToolset.Service.Tests.Detectors;

public sealed class RuleDirectoryTests : IDisposable
{
    private readonly RuleFolder _folder = new();

    private RuleDirectory Directory => new(_folder.Path, isRequired: true);

    [Fact]
    public void Only_yaml_files_without_a_dot_in_front_are_read()
    {
        foreach (string name in new[] { "b.yaml", "a.yml", "..data.yaml", ".swp.yaml", "c.json", "README" })
            _folder.Write(name, name);
        System.IO.Directory.CreateDirectory(_folder.File("d.yaml"));
        Assert.Equal([_folder.File("a.yml"), _folder.File("b.yaml")], Directory.Read().Files.Select(f => f.Name));
    }

    [Fact]
    public void The_times_of_files_mean_nothing_and_every_character_of_them_does()
    {
        _folder.Write("a.yaml", "one");
        DateTime written = File.GetLastWriteTimeUtc(_folder.File("a.yaml"));
        string before = Directory.Read().Hash;
        File.SetLastWriteTimeUtc(_folder.File("a.yaml"), written.AddHours(1));
        Assert.Equal(before, Directory.Read().Hash);
        _folder.Write("a.yaml", "two");
        File.SetLastWriteTimeUtc(_folder.File("a.yaml"), written);
        Assert.NotEqual(before, Directory.Read().Hash);
    }

    [Fact]
    public void A_text_that_moves_to_another_file_is_a_change()
    {
        _folder.Write("a.yaml", "text");
        string before = Directory.Read().Hash;
        File.Move(_folder.File("a.yaml"), _folder.File("b.yaml"));
        Assert.NotEqual(before, Directory.Read().Hash);
    }

    /// <summary>All files carry the number of their swap: a reading with two numbers would be half of one set and half of another.</summary>
    [Fact]
    public async Task A_swap_in_the_middle_of_a_reading_never_gives_half_of_two_sets()
    {
        _folder.Swap(FilesOf(0));
        using var enough = new CancellationTokenSource();
        Task swapping = Task.Run(() => SwapAsync(enough.Token), TestContext.Current.CancellationToken);
        HashSet<string> seen = [];
        while (seen.Count < 100)
        {
            RuleDirectoryContent content = Directory.Read();
            if (content.Problems.IsEmpty)
                seen.Add(Assert.Single(content.Files.Select(f => f.Text).Distinct()));
        }

        await enough.CancelAsync();
        await swapping;
    }

    [Fact]
    public void What_cannot_be_read_is_named_and_hides_nothing_else()
    {
        File.WriteAllBytes(_folder.File("binary.yaml"), [0xFF, 0xFE]);
        File.CreateSymbolicLink(_folder.File("dangling.yaml"), "nowhere");
        _folder.Write("large.yaml", new string('#', 1024 * 1024 + 1));
        _folder.Write("wrong.yaml", "kind: Wrong");
        string[] problems = [.. Directory.Read().ToRules().Problems.Select(p => p.ToString())];
        Assert.Contains($"{_folder.File("binary.yaml")}:1:1: this is no UTF-8 text", problems);
        Assert.Contains(problems, p => p.StartsWith($"{_folder.File("dangling.yaml")}:1:1: the file cannot be read: ", StringComparison.Ordinal));
        Assert.Contains($"{_folder.File("large.yaml")}:1:1: with this file there are more than 1 MiB in all files together", problems);
        Assert.Contains($"{_folder.File("wrong.yaml")}:1:7: \"kind\" must be DetectorRule", problems);
    }

    [Fact]
    public void A_directory_that_may_be_missing_has_no_rules_and_one_that_must_be_there_is_a_problem()
    {
        string missing = _folder.File("missing");
        Assert.Empty(new RuleDirectory(missing, isRequired: false).Read().ToRules().Problems);
        RuleProblem problem = Assert.Single(new RuleDirectory(missing, isRequired: true).Read().ToRules().Problems);
        Assert.StartsWith($"{missing}:1:1: the directory cannot be read: ", problem.ToString());
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Pauses of different lengths, so that some readings meet one swap, some several and some none.</summary>
    private async Task SwapAsync(CancellationToken enough)
    {
        for (int i = 1; !enough.IsCancellationRequested; i++)
        {
            _folder.Swap(FilesOf(i));
            await Task.Delay(TimeSpan.FromMilliseconds(5 * (i % 4)), CancellationToken.None);
        }
    }

    /// <summary>Enough of them that a reading takes long enough to be met by a swap.</summary>
    private static (string Name, string Text)[] FilesOf(int swap) => [.. Enumerable.Range(0, 30).Select(f => ($"{f:d2}.yaml", $"{swap}"))];
}
