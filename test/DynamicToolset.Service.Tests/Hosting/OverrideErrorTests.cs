using DynamicToolset.Service.Tests.Cli;
using DynamicToolset.Testing;
using DynamicToolset.Tests.Overrides;

namespace DynamicToolset.Service.Tests.Hosting;

public sealed class OverrideErrorTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task The_service_and_the_check_of_a_file_say_the_same_of_every_mistake()
    {
        List<string> annotations = [], files = [];
        await using TestCluster cluster = await TestCluster.StartAsync();
        await using RunningController running = await cluster.RunAsync();
        foreach ((string text, string problem) in MalformedOverrides.Rows.Select(r => r.Data))
        {
            cluster.SetData("overrides.yaml", text);
            await TestCluster.EventuallyAsync(() => HasAnswered(running, text), $"the round after {text} has ended");
            annotations.Add(running.States.Last().Observed!.Annotations["kubernaut.io/override-error"]);
            Assert.StartsWith($"overrides.yaml:{problem}", annotations[^1], StringComparison.Ordinal);
            files.Add(_folder.Write($"{files.Count}/overrides.yaml", text));
        }

        // So many at once as are told one by one.
        foreach ((string File, string Annotation)[] some in files.Zip(annotations).Chunk(5))
        {
            (int exitCode, string output, string error) = await BuiltProgram.RunAsync([], ["validate", .. some.Select(s => s.File)]);
            Assert.Equal((1, ""), (exitCode, output));
            // The check of a file names what the annotation counts.
            IEnumerable<string> counted = error.TrimEnd().Split('\n').GroupBy(line => line.Split(':')[0])
                .Select(lines => lines.Count() == 1 ? lines.First() : $"{lines.First()} (and {lines.Count() - 1} more)");
            Assert.Equal(some.Select(s => s.Annotation.Replace("overrides.yaml:", $"{s.File}:", StringComparison.Ordinal)), counted);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static bool HasAnswered(RunningController running, string text) =>
        running.States.Last() is { IsConverged: true, Observed.Data: var data } && data.GetValueOrDefault("overrides.yaml") == text;
}
