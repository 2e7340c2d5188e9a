using System.Globalization;
using System.Text.Json.Nodes;
using DynamicToolset.Service.Tests.EndToEnd;

namespace DynamicToolset.Service.Tests.Faults;

/// <summary>
/// A fault under the service: once in the gate, and <c>FAULT_RUNS</c> times for the table of <c>make faults</c>. Whatever it is, no byte of the
/// overrides is lost, no toolset goes because something is not known, so many writes are the most, the end is byte for byte what was before, and then
/// nothing is written any more.
/// </summary>
/// <param name="mostWrites">Of the service, in one run.</param>
internal sealed class FaultSeries(string fault, DeployedService service, int mostWrites)
{
    /// <summary>One write of the repair, and one that fences where nobody could lead for longer than a term.</summary>
    public const int RepairAndFence = 2;

    private readonly List<FaultResult> _results = [];

    /// <summary>How long an outage lasts that has no end of its own; zero where it ends as soon as the service has told of it.</summary>
    public static TimeSpan Outage { get; } = TimeSpan.FromSeconds(Setting("FAULT_OUTAGE", 0));

    private static int Runs { get; } = Setting("FAULT_RUNS", 1);

    public async Task StrikeAsync(Func<FaultTrial, Task> strike)
    {
        try
        {
            for (int run = 0; run < Runs; run++)
            {
                // Repairs of the runs before would count as a fight, in which it takes its time.
                if (run > 0)
                    await service.RestartAsync();
                _results.Add(await RunAsync(strike));
            }
        }
        finally
        {
            Tell();
        }

        Assert.All(_results, result => Assert.True(result.IsIntact, "a write of the service changed overrides.yaml"));
        Assert.All(_results, result => Assert.InRange(result.Writes, 0, mostWrites));
    }

    private async Task<FaultResult> RunAsync(Func<FaultTrial, Task> strike)
    {
        JsonObject before = (await service.ReadAsync())!;
        var trial = new FaultTrial(service, before);
        await strike(trial);
        return await trial.EndAsync();
    }

    /// <summary><c>eng/faults.sh</c> makes a table of these lines.</summary>
    private void Tell()
    {
        if (_results.Count == 0)
            return;
        double[] seconds = [.. _results.Select(r => r.Recovered.TotalSeconds).Order()];
        int[] writes = [.. _results.Select(r => r.Writes).Order()];
        string[] cells =
        [
            fault,
            $"{_results.Count}",
            seconds[seconds.Length / 2].ToString("F2", CultureInfo.InvariantCulture),
            seconds[^1].ToString("F2", CultureInfo.InvariantCulture),
            $"{writes[writes.Length / 2]}",
            $"{writes[^1]}",
            $"{_results.Count(r => r.IsIntact)} of {_results.Count}",
        ];
        TestContext.Current.TestOutputHelper?.WriteLine($"fault: {string.Join(" | ", cells)}");
    }

    private static int Setting(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
