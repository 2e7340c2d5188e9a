using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using DynamicToolset.MicroBench;

Growth.Print(AllSteps.All);
// In one process, which has been built: another one for each step would have to be built first, and take an hour.
Job job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
IConfig config = ManualConfig.CreateEmpty()
    .AddJob(job)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddLogger(NullLogger.Instance)
    .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(60))
    .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "dynamic-toolset-micro-bench"));
Summary summary = BenchmarkRunner.Run<StepBenchmark>(config);
MarkdownExporter.Console.ExportToLog(summary, ConsoleLogger.Default);
return summary.HasCriticalValidationErrors || summary.Reports.Any(r => !r.Success) ? 1 : 0;
