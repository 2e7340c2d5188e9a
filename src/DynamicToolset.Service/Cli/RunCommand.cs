using System.Net.Sockets;
using System.Security.Cryptography;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Service.HolmesReload;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Journal;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Observability;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Otlp;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.State;
using DynamicToolset.Service.Tracing;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>run</c> was asked to do.</summary>
/// <param name="IsDryRun">Everything but the writes, which are shown.</param>
/// <param name="IsConfirmed">From outside of a cluster, take away even most of what is there.</param>
internal sealed record RunRequest(Settings Settings, bool IsDryRun, bool IsConfirmed);

/// <summary>The service: watches the cluster and keeps the ConfigMap up to date until it is stopped.</summary>
internal static partial class RunCommand
{
    /// <returns>0 after an orderly stop; 1 where it would take away too much; 2 where the surroundings do not allow a start.</returns>
    public static async Task<int> ExecuteAsync(RunRequest request, CancellationToken stop)
    {
        // A dry run writes nothing, so it needs no leader election.
        Settings settings = request.IsDryRun ? request.Settings with { LeaderElectionEnabled = false } : request.Settings;
        TimeProvider time = TimeProvider.System;
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddServiceLog(settings, LogStream.StandardOutput, time));
        try
        {
            var files = AdminFiles.Open(settings);
            var states = new StateStore();
            using var metrics = new ServiceMetrics(states, time, BuildInfo.Current.Version);
            using var spans = new ServiceSpans(time);
            using KubeApiClient api = ClusterAccess.Connect(settings, time, metrics.KubeRequest);
            IProber prober = ClusterAccess.CreateProber(settings, api, time);
            ReloadTls reloadTls = ClusterAccess.CreateReloadTls(settings, time);
            ILogger logger = loggers.CreateLogger<ServiceHost>();
            LogStarting(logger, BuildInfo.Current.Version, BuildInfo.Current.Commit, api.Server.ToString());
            using var scraper = new MetricScraper(metrics);
            using OtlpExport? export = OtlpExport.Begin(settings, loggers);
            var held = new TaskCompletionSource<ControllerState>(TaskCreationOptions.RunContinuationsAsynchronously);
            Restraint restraint = request.IsDryRun
                ? new Restraint(new Rehearsal(Console.Error.Write, logger).Show, HoldsMassRemoval: false)
                : new Restraint(null, HoldsMassRemoval: !request.IsConfirmed && !api.Connection.IsInCluster);
            Settings decided = ClusterAccess.WithMode(settings, api);
            await using var journal = RoundJournal.Open(decided, restraint.HoldsMassRemoval, time, loggers.CreateLogger<RoundJournal>());
            using var controller = new Controller(
                decided, files, api, prober, Publish, time, NewRandom(), loggers, metrics, spans, restraint, reloadTls, journal is null ? null : journal.Note);
            using var idle = new IdleCollection(IdleCollection.Collect, time);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            Task ending = EndWhenHeldAsync(held.Task, end);
            var host = new ServiceHost(settings, controller, api, states, scraper, time, loggers) { Export = export };
            await host.RunAsync(end.Token);
            if (!held.Task.IsCompleted)
                return ExitCode.Success;
            await ending;
            return ExitCode.No;

            void Publish(ControllerState state)
            {
                states.Publish(state);
                if (state.HeldRemoval is not null)
                    held.TrySetResult(state);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop before anything had begun.
            return ExitCode.Success;
        }
        catch (InputException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Usage;
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync(
                $"dynamic-toolset run: {e.Message} PORT is {settings.Port} and METRICS_PORT {settings.MetricsPort}: " +
                "choose another one, or 0 for any that is free");
            return ExitCode.Usage;
        }
        catch (Exception e) when (e is ClusterException or IOException or SocketException)
        {
            await Console.Error.WriteLineAsync($"dynamic-toolset run: {e.Message}");
            return ExitCode.Usage;
        }
    }

    private static async Task EndWhenHeldAsync(Task<ControllerState> held, CancellationTokenSource end)
    {
        ControllerState state = await held;
        await Console.Error.WriteAsync(DiffText.Of(ConfigMapChanges.Of(state.HeldRemoval!, state.Observed), isColoured: false));
        await Console.Error.WriteLineAsync(
            $"dynamic-toolset run: seen from outside of the cluster, most of the toolsets in {state.Observed!.Key} would be removed, as shown above. Nothing was written: "
            + "pass --yes if that is right; dynamic-toolset explain --all --probe says why");
        await end.CancelAsync();
    }

    /// <summary>
    /// The one seed of a run of the service; tests give their own. Not from the clock: two replicas that start at the same instant must not take each
    /// other for themselves.
    /// </summary>
    internal static Random NewRandom() => new(RandomNumberGenerator.GetInt32(int.MaxValue));
}
