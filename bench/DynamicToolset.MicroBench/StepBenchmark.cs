using BenchmarkDotNet.Attributes;
using DynamicToolset.MicroBench.Steps;

namespace DynamicToolset.MicroBench;

/// <summary>Each step alone, in a process that has warmed up.</summary>
public class StepBenchmark
{
    private Action _step = static () => { };

    /// <summary>See <see cref="Step.Name"/>.</summary>
    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    public static IEnumerable<string> Names => AllSteps.All.Select(s => $"{s.Name} ({s.Usual:N0})");

    [GlobalSetup]
    public void Prepare()
    {
        Step step = AllSteps.All.Single(s => Name == $"{s.Name} ({s.Usual:N0})");
        _step = step.Prepare(step.Usual);
    }

    [Benchmark]
    public void Run() => _step();
}
