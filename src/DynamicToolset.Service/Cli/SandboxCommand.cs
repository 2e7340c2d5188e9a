using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Manifests;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.LeaderElection;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Observability;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Reconciling;
using DynamicToolset.Service.Sandbox;
using DynamicToolset.Service.State;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>sandbox</c> was asked to do.</summary>
/// <param name="Once">End after convergence, with the ConfigMap on standard output.</param>
/// <param name="Files">Manifest files and directories; empty for the built-in example.</param>
internal sealed record SandboxRequest(Settings Settings, bool Once, ImmutableArray<string> Files);

/// <summary>The service on a Kubernetes API of its own, for looking at it and for trying things out.</summary>
internal static class SandboxCommand
{
    private const string SampleServices = "examples/services.yaml";

    /// <summary>The one exception from the rule that nothing on loopback is connected to: the sample servers listen there.</summary>
    private static readonly IPNetwork Loopback = new(new IPAddress([127, 0, 0, 0]), 8);

    /// <returns>0 after a stop, or after convergence with <c>--once</c>; 2 where a manifest, a setting or a port cannot be used.</returns>
    public static async Task<int> ExecuteAsync(SandboxRequest request, CancellationToken stop)
    {
        Settings settings = request.Settings;
        try
        {
            RuleSource rules = RuleSource.Open(settings);
            List<ManifestFile> files = await ManifestFile.ReadAllAsync(request.Files, stop);
            IEnumerable<ManifestFile> manifests = files.Count > 0 ? files : [new ManifestFile(SampleServices, ReadSampleServices())];
            await using SandboxCluster cluster = await SandboxCluster.StartAsync(
                settings, manifests, () => Controller.ToPipeline(settings, rules.Current.InForce), stop);
            return await RunAsync(request, rules, cluster, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !request.Once)
        {
            return ExitCode.Success;
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"dynamic-toolset sandbox: {e.Message} Choose another port with --port");
            return ExitCode.Usage;
        }
        catch (Exception e) when (e is InputException or ClusterException or IOException or SocketException)
        {
            await Console.Error.WriteLineAsync(e is InputException ? e.Message : $"dynamic-toolset sandbox: {e.Message}");
            return ExitCode.Usage;
        }
    }

    private static async Task<int> RunAsync(SandboxRequest request, RuleSource rules, SandboxCluster cluster, CancellationToken stop)
    {
        var screen = new SandboxScreen(request.Once ? Console.Error : Console.Out, TimeProvider.System);
        if (!request.Once)
            await Console.Out.WriteLineAsync(Welcome(request.Settings, cluster));
        ControllerState last = await RunServiceAsync(
            request.Settings, rules, cluster, screen.Show,
            running => screen.RunAsync(state => request.Once && state.IsConverged, running), stop);
        if (request.Once)
            await Console.Out.WriteAsync(Print(last));
        return ExitCode.Success;
    }

    /// <summary>Runs the service until <paramref name="watch"/> has seen enough; the result is what it saw last.</summary>
    private static async Task<ControllerState> RunServiceAsync(
        Settings settings,
        RuleSource rules,
        SandboxCluster cluster,
        Action<ControllerState> publish,
        Func<CancellationToken, Task<ControllerState>> watch,
        CancellationToken stop)
    {
        TimeProvider time = TimeProvider.System;
        using ILoggerFactory loggers = LoggerFactory.Create(l => AddLog(l, settings, time));
        RunCommand.WarnOfSettings(loggers.CreateLogger<ServiceHost>(), settings);
        using KubeApiClient api = ClusterAccess.Connect(settings with { Kubeconfig = cluster.KubeconfigPath, KubeContext = "" }, time);
        Settings withLoopback = settings with { HealthCheckAllowedNetworks = settings.HealthCheckAllowedNetworks.Add(Loopback) };
        IProber prober = ClusterAccess.CreateProber(withLoopback, api, time, cluster.Resolve);
        // Nobody scrapes here, so nothing adds up what they record.
        using var metrics = new ServiceMetrics(new StateStore(), time, BuildInfo.Current.Version);
        using var controller = new Controller(settings, rules, api, prober, publish, time, RunCommand.NewRandom(), loggers, metrics);
        controller.Start();
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            Task<ControllerState> seen = watch(watching.Token);
            await await Task.WhenAny(seen, controller.Failure);
            return await seen;
        }
        finally
        {
            await watching.CancelAsync();
            await controller.StopReconcilingAsync();
            await controller.StopWatchingAsync();
        }
    }

    /// <summary>What the screen tells need not stand in log lines between; whoever asks for more than warnings gets both.</summary>
    private static void AddLog(ILoggingBuilder logging, Settings settings, TimeProvider time)
    {
        logging.AddServiceLog(settings, LogStream.StandardError, time);
        if (settings.LogLevel < LogLevel.Warning)
            return;
        logging.AddFilter(typeof(ReconcileLoop).FullName, LogLevel.None);
        logging.AddFilter(typeof(ProbeLoop).FullName, LogLevel.None);
        logging.AddFilter(typeof(RuleLoop).FullName, LogLevel.None);
        logging.AddFilter(typeof(LeaderElector).FullName, LogLevel.Warning);
    }

    private static string Print(ControllerState converged)
    {
        ConfigMapRecord present = converged.Observed ?? throw new InvalidOperationException("A converged state has a ConfigMap.");
        ImmutableArray<KeyValuePair<string, string>> ours = converged.Result.Desired.Data;
        IEnumerable<KeyValuePair<string, string>> others = present.Data
            .Where(d => ours.All(o => o.Key != d.Key))
            .OrderBy(d => d.Key == ToolsetKey.Overrides);
        return new ConfigMapManifest(present.Key, present.Labels, present.Annotations, [.. ours, .. others]).ToYaml();
    }

    private static string ReadSampleServices()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(SampleServices)
            ?? throw new InvalidOperationException($"{SampleServices} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Welcome(Settings settings, SandboxCluster cluster)
    {
        string ns = settings.ConfigMapNamespace, name = settings.ConfigMapName;
        return $"""
            A Kubernetes API in memory at {cluster.Url.GetLeftPart(UriPartial.Authority)}, gone when this ends. Try in another terminal:

              export KUBECONFIG={cluster.KubeconfigPath}
              kubectl edit configmap {name} -n {ns}
              kubectl delete configmap {name} -n {ns}
              kubectl annotate service grafana -n monitoring sandbox.dynamic-toolset/answer=503

            Ctrl-C ends it.

            """;
    }
}
