using System.CommandLine;
using DynamicToolset.Bench.Clusters;
using DynamicToolset.Bench.Figures;
using DynamicToolset.Bench.Running;

namespace DynamicToolset.Bench;

/// <summary>Memory of an idle service again and again, so that what creeps is seen.</summary>
internal static class SoakCommand
{
    private static readonly TimeSpan[] LookedAt = [.. ((double[])[0.5, 1, 2, 3, 5, 7.5, 10]).Select(TimeSpan.FromMinutes)];

    public static Command Create()
    {
        Option<FileInfo> program = BenchOptions.Program();
        var services = new Option<int>("--services")
        {
            Description = "How many Services there are.",
            DefaultValueFactory = _ => ClusterContent.Usual.Services,
        };
        var command = new Command("soak", "Memory of a service that idles for ten minutes.") { program, services };
        command.SetAction((arguments, stop) =>
            ExecuteAsync(arguments.GetRequiredValue(program).FullName, arguments.GetValue(services), stop));
        return command;
    }

    private static async Task ExecuteAsync(string program, int services, CancellationToken stop)
    {
        await using Subject subject = await new Stage(program, Assets: null).StartAsync(ClusterContent.Of(services), toCome: 0, stop);
        await Console.Out.WriteLineAsync($"{subject.Content.Name}{"resident",16}{"anonymous",16}{"CPU until then",18}");
        foreach (TimeSpan age in LookedAt)
        {
            await subject.Service.IsAgedAsync(age, stop);
            ProcessFigures now = subject.Service.Read();
            string cells = $"{Unit.MiB.Print(now.ResidentMiB),16}{Unit.MiB.Print(now.AnonymousMiB),16}{$"{now.CpuSeconds:F2} s",18}";
            await Console.Out.WriteLineAsync($"{$"{age.TotalMinutes:0.#} min".PadLeft(subject.Content.Name.Length)}{cells}");
        }
    }
}
