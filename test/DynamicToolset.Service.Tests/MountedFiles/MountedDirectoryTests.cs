using DynamicToolset.Rules;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.MountedFiles;
using DynamicToolset.Service.Tests.Detectors;
using DynamicToolset.Service.Tests.Input;

namespace DynamicToolset.Service.Tests.MountedFiles;

public sealed class MountedDirectoryTests : IDisposable
{
    private readonly RuleFolder _folder = new();

    private MountedDirectory Directory => In(_folder.Path);

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

    /// <summary>
    /// All files carry the number of their set: a reading with two numbers would be half of one set and half of another. No number comes
    /// back, as no directory of a kubelet does.
    /// </summary>
    [Fact]
    public async Task A_swap_in_the_middle_of_a_reading_never_gives_half_of_two_sets()
    {
        _folder.LeadTo(_folder.Prepare(("set", "0")));
        foreach (int file in Enumerable.Range(0, 30))
            File.CreateSymbolicLink(_folder.File($"{file:d2}.yaml"), "..data/set");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        // So often that hardly a reading meets none.
        Task swapping = Task.Run(
            () =>
            {
                for (int swap = 1; !end.IsCancellationRequested; swap++)
                    _folder.LeadTo(_folder.Prepare(("set", $"{swap}")));
            },
            CancellationToken.None);
        try
        {
            for (int reading = 0; reading < 100; reading++)
            {
                DirectoryContent content = Directory.Read();
                Assert.True(!content.Problems.IsEmpty || content.Files.Select(f => f.Text).Distinct().Count() == 1, "half of two sets was read");
            }
        }
        finally
        {
            await end.CancelAsync();
            await swapping;
        }

        Assert.Single(Directory.Read().Files.Select(f => f.Text).Distinct());
    }

    [Fact]
    public void What_cannot_be_read_is_named_and_hides_nothing_else()
    {
        File.WriteAllBytes(_folder.File("binary.yaml"), [0xFF, 0xFE]);
        File.CreateSymbolicLink(_folder.File("dangling.yaml"), "nowhere");
        _folder.Write("large.yaml", new string('#', 512 * 1024 + 1));
        _folder.Write("wrong.yaml", "kind: Wrong");
        string[] problems = [.. RuleSource.RulesIn(Directory.Read()).Problems.Select(p => p.ToString())];
        Assert.Contains($"{_folder.File("binary.yaml")}:1:1: this is not UTF-8", problems);
        Assert.Contains(problems, p => p.StartsWith($"{_folder.File("dangling.yaml")}:1:1: the file cannot be read: ", StringComparison.Ordinal));
        Assert.Contains($"{_folder.File("large.yaml")}:1:1: with this file there are more than 512 KiB in all files together", problems);
        Assert.Contains($"{_folder.File("wrong.yaml")}:1:7: \"kind\" must be DetectorRule", problems);
    }

    /// <summary>Opening a pipe waits for a writer, and a device has no end.</summary>
    [Fact]
    public async Task What_is_no_file_is_named_and_waits_for_nobody()
    {
        using var pipes = new PipeFolder();
        pipes.Make("pipe.yaml");
        pipes.MakeSocket("socket.yaml");
        File.CreateSymbolicLink(pipes.File("device.yaml"), "/dev/zero");
        File.CreateSymbolicLink(pipes.File("directory.yaml"), "/tmp");
        System.IO.Directory.CreateDirectory(pipes.File("other.yaml"));
        DirectoryContent content = await Task.Run(() => In(pipes.Path).Read(), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                $"{pipes.File("device.yaml")}:1:1: the file cannot be read: it is a device, not a file",
                $"{pipes.File("pipe.yaml")}:1:1: the file cannot be read: it is a pipe, not a file",
                $"{pipes.File("socket.yaml")}:1:1: the file cannot be read: it is a socket, not a file",
            ],
            RuleSource.RulesIn(content).Problems.Select(p => p.ToString()));
    }

    [Fact]
    public void What_all_files_have_together_is_bounded()
    {
        foreach (int i in Enumerable.Range(0, 5))
            _folder.Write($"{i}.yaml", new string('#', 128 * 1024));
        Assert.Equal([$"{_folder.File("4.yaml")}:1:1: with this file there are more than 512 KiB in all files together"], RuleSource.RulesIn(Directory.Read()).Problems.Select(p => p.ToString()));
        foreach (string file in MountedDirectory.FilesIn(_folder.Path, RuleSource.Bounds.MostFiles))
            File.Delete(file);
        foreach (int i in Enumerable.Range(0, 1001))
            _folder.Write($"{i}.yaml", "");
        Assert.Equal([$"{_folder.Path}:1:1: the directory cannot be read: it has more than 1,000 files"], RuleSource.RulesIn(Directory.Read()).Problems.Select(p => p.ToString()));
    }

    [Fact]
    public void Only_what_comes_through_the_kubelet_s_link_alone_was_swapped()
    {
        Assert.False(Directory.IsSwapped(Directory.Read()));
        _folder.Swap(("a.yaml", "a"), ("b.yaml", "b"));
        Assert.True(Directory.IsSwapped(Directory.Read()));
        _folder.Swap();
        Assert.True(Directory.IsSwapped(Directory.Read()));
        _folder.Write("c.yaml", "c");
        Assert.False(Directory.IsSwapped(Directory.Read()));
    }

    [Fact]
    public void A_directory_that_may_be_missing_has_no_rules_and_one_that_must_be_there_is_a_problem()
    {
        string missing = _folder.File("missing");
        Assert.Empty(RuleSource.RulesIn(In(missing, isRequired: false).Read()).Problems);
        RuleProblem problem = Assert.Single(RuleSource.RulesIn(In(missing).Read()).Problems);
        Assert.StartsWith($"{missing}:1:1: the directory cannot be read: ", problem.ToString());
    }

    public void Dispose() => _folder.Dispose();

    private static MountedDirectory In(string path, bool isRequired = true) => new(path, isRequired, RuleSource.Bounds);
}
