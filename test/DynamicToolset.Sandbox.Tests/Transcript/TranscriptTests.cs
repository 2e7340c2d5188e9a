using System.Text;
using DynamicToolset.Testing;

namespace DynamicToolset.Sandbox.Tests.Transcript;

/// <summary>
/// What a person sees who works with <c>kubectl</c>, as <c>kubectl.console</c> records it of a real API server: the simulated one shows the same.
/// With UPDATE_TRANSCRIPT=1 the commands in the record are run on the real one and what they print is written anew.
/// </summary>
public sealed class TranscriptTests(RealServerFixture real) : IClassFixture<RealServerFixture>
{
    private const string Prompt = "$ ";
    private const string Comment = "# ";

    public static IEnumerable<TheoryDataRow<string>> Programs => Kubectl.Programs.Select(program => new TheoryDataRow<string>(program));

    private static string Folder => Path.Combine(Root, "test", "DynamicToolset.Sandbox.Tests", "Transcript");

    private static string Record => Path.Combine(Folder, "kubectl.console");

    private static string Root
    {
        get
        {
            string? root = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(root!, "DynamicToolset.slnx")))
            {
                root = Path.GetDirectoryName(root);
            }

            return root!;
        }
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task The_simulated_server_shows_what_is_recorded(string program)
    {
        await using SimulatedServer server = await SimulatedServer.StartAsync();
        await CompareAsync(server, program);
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task A_real_server_shows_what_is_recorded(string program)
    {
        IApiServer server = await real.ServerAsync();
        if (Environment.GetEnvironmentVariable("UPDATE_TRANSCRIPT") == "1")
        {
            await File.WriteAllTextAsync(Record, await RunAsync(server, program), TestContext.Current.CancellationToken);
            return;
        }

        await CompareAsync(server, program);
    }

    private static async Task CompareAsync(IApiServer server, string program)
    {
        string recorded = await File.ReadAllTextAsync(Record, TestContext.Current.CancellationToken);
        string[] expected = Scenes(recorded);
        string[] shown = Scenes(await RunAsync(server, program));
        Assert.Equal(expected.Length, shown.Length);
        // One scene by one: a difference is told with its command.
        Assert.All(expected.Zip(shown), pair => Assert.Equal(pair.First, pair.Second));
    }

    private static string[] Scenes(string record) => record.Split($"\n{Prompt}");

    /// <summary>The record as this server would have it.</summary>
    private static async Task<string> RunAsync(IApiServer server, string program)
    {
        using var terminal = new Terminal(server.Kubeconfig, program, Folder);
        var made = new StringBuilder();
        foreach (string line in await File.ReadAllLinesAsync(Record, TestContext.Current.CancellationToken))
        {
            if (line.StartsWith(Comment, StringComparison.Ordinal))
            {
                made.Append(made.Length > 0 ? "\n" : "").Append(line).Append('\n');
            }
            else if (line.StartsWith(Prompt, StringComparison.Ordinal))
            {
                made.Append(line).Append('\n').Append(await terminal.RunAsync(line[Prompt.Length..]));
            }
        }

        return made.ToString();
    }
}
