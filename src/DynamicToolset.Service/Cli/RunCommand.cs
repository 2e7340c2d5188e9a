using System.Net.Sockets;
using System.Security.Cryptography;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Observability;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.State;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Cli;

/// <summary>The service: watches the cluster and keeps the ConfigMap until it is told to stop.</summary>
internal static partial class RunCommand
{
    /// <returns>0 after an orderly stop; 2 where the surroundings do not allow a start.</returns>
    public static async Task<int> ExecuteAsync(Settings settings, CancellationToken stop)
    {
        TimeProvider time = TimeProvider.System;
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.AddServiceLog(settings, LogStream.StandardOutput, time));
        try
        {
            RuleSource rules = RuleSource.Open(settings);
            var states = new StateStore();
            using var metrics = new ServiceMetrics(states, time, BuildInfo.Current.Version);
            using KubeApiClient api = ClusterAccess.Connect(settings, time, metrics.KubeRequest);
            IProber prober = ClusterAccess.CreateProber(settings, api, time);
            ILogger logger = loggers.CreateLogger<ServiceHost>();
            LogStarting(logger, BuildInfo.Current.Version, BuildInfo.Current.Commit, api.Server.ToString());
            WarnOfSettings(logger, settings);
            using var scraper = new MetricScraper(metrics);
            using var controller = new Controller(settings, rules, api, prober, states.Publish, time, NewRandom(), loggers, metrics);
            using var idle = new IdleCollection(IdleCollection.Collect, time);
            await new ServiceHost(settings, controller, scraper, time, loggers).RunAsync(stop);
            return ExitCode.Success;
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

    /// <summary>
    /// The one seed of a run of the service; tests give their own. Not from the clock: two replicas that start at the same instant must not take each
    /// other for themselves.
    /// </summary>
    internal static Random NewRandom() => new(RandomNumberGenerator.GetInt32(int.MaxValue));

    /// <summary>One warning for each setting that somebody changed in vain.</summary>
    internal static void WarnOfSettings(ILogger logger, Settings settings)
    {
        foreach (string setting in settings.WithoutEffect)
            LogWithoutEffect(logger, setting);
    }
}
