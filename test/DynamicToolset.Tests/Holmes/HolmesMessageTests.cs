using System.Text;
using DynamicToolset.Holmes;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Holmes;

public sealed class HolmesMessageTests
{
    private const string Recorded = "test/DynamicToolset.Tests/HolmesFiles/messages.txt";

    /// <summary>Read by a person when it changes: a message must say where, what, what HolmesGPT does then, and what to write.</summary>
    [Fact]
    public void Each_bad_file_gets_the_messages_that_were_read_and_found_good()
    {
        string made = Messages();
        string path = Path.Combine(Repository.Root, Recorded);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllBytes(path, Encoding.UTF8.GetBytes(made));
        Assert.True(File.ReadAllText(path) == made, $"{Recorded} differs: \"make golden\" writes it anew.");
    }

    private static string Messages()
    {
        var text = new StringBuilder();
        foreach (string name in HolmesFile.Names("bad"))
        {
            text.Append(name).Append('\n');
            string compat = Lint(name, HolmesTarget.Compat), current = Lint(name, HolmesTarget.Current);
            text.Append(compat == current ? compat : $"  compat\n{compat}  current\n{current}");
        }

        return text.ToString();
    }

    private static string Lint(string name, HolmesTarget target) =>
        string.Concat(HolmesFile.Open(name).Lint(target).Select(p => $"    {p}\n"));
}
