using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Manifests;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.HolmesReload;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Journal;
using DynamicToolset.Service.LeaderElection;
using DynamicToolset.Service.Metrics;
using DynamicToolset.Service.Observability;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Otlp;
using DynamicToolset.Service.Probing;
using DynamicToolset.Service.Reconciling;
using DynamicToolset.Service.Sandbox;
using DynamicToolset.Service.State;
using DynamicToolset.Service.Tracing;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>sandbox</c> was asked to do.</summary>
/// <param name="Once">End after convergence, with the ConfigMap on standard output.</param>
/// <param name="Files">Manifests; none for the built-in example.</param>
internal sealed record SandboxRequest(Settings Settings, bool Once, ManifestPaths Files);

/// <summary>The service on a Kubernetes API of its own, for looking at it and for trying things out.</summary>
internal static class SandboxCommand
{
    private const string SampleServices = "examples/services.yaml";

    /// <summary>The one exception from the rule that nothing on loopback is connected to: the sample servers listen there.</summary>
    private static readonly IPNetwork Loopback = new(new IPAddress([127, 0, 0, 0]), 8);

    /// <returns>
    /// 0 after a stop, or after convergence with <c>--once</c>, where 1 says that something in the manifests is not there and 2 that a file could not be
    /// read; 2 where a setting or a port cannot be used.
    /// </returns>
    public static async Task<int> ExecuteAsync(SandboxRequest request, CancellationToken stop)
    {
        Settings settings = request.Settings;
        try
        {
            var admin = AdminFiles.Open(settings);
            GivenFiles given = await ReadAsync(request.Files, stop);
            IEnumerable<ManifestFile> manifests = request.Files.Paths.IsEmpty ? [new ManifestFile(SampleServices, ReadSampleServices())] : given.Files;
            await using SandboxCluster cluster = await SandboxCluster.StartAsync(
                settings, manifests, () => Controller.ToPipeline(settings, admin.Rules.Current.InForce), stop);
            int outcome = await TellAsync(given, cluster.Loaded, request.Once);
            bool isNothing = outcome != ExitCode.Success && cluster.Loaded.Count == 0;
            return isNothing ? outcome : await RunAsync(request, admin, cluster, outcome, stop);
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

    /// <summary>Ignores files in a directory that are not manifests.</summary>
    private static async Task<GivenFiles> ReadAsync(ManifestPaths paths, CancellationToken stop)
    {
        GivenFiles given = await ManifestFile.ReadAllAsync(paths, stop);
        ILookup<string?, ManifestFile> files = given.Files.ToLookup(f => f.IsFound ? GivenManifests.WhyNoManifest(ServiceManifests.Read(f.Text)) : null);
        foreach ((ManifestFile file, string? why) in files.SelectMany(g => g.Select(f => (f, g.Key))).Where(f => f.Key is not null))
            await Console.Error.WriteLineAsync($"{file.Name}: {why}");
        bool isNothing = !paths.Paths.IsEmpty && given.Unreadable.Count == 0 && !files.Contains(null);
        return isNothing ? throw new InputException(ManifestFile.NothingIn(paths.Paths[0])) : given with { Files = [.. files[null]] };
    }

    /// <returns>The exit code at the end.</returns>
    private static async Task<int> TellAsync(GivenFiles given, LoadedFiles loaded, bool isOnce)
    {
        string[] unknown = loaded.Unknown is { } kinds ? [kinds] : [];
        string[] faults = [.. ProblemLines.Of(loaded.Faults), .. ProblemLines.Of(given.Unreadable.Select(u => u.ToString()))];
        int outcome = given.Unreadable.Count > 0 ? ExitCode.Usage : faults.Length > 0 ? ExitCode.No : ExitCode.Success;
        string[] end = outcome == ExitCode.Success || loaded.Count == 0
            ? []
            : [$"The sandbox continues with the rest{(isOnce ? $", and ends with exit code {outcome}" : "")}."];
        foreach (string line in unknown.Concat(ProblemLines.Of(loaded.Impossible)).Concat(faults).Concat(end))
            await Console.Error.WriteLineAsync(line);
        return outcome;
    }

    private static async Task<int> RunAsync(SandboxRequest request, AdminFiles admin, SandboxCluster cluster, int outcome, CancellationToken stop)
    {
        var screen = new SandboxScreen(request.Once ? Console.Error : Console.Out, TimeProvider.System);
        ControllerState last = await RunServiceAsync(
            request.Settings,
            admin,
            cluster,
            screen,
            running => screen.RunAsync(state => request.Once && state.IsConverged, running),
            listening => Console.Out.Write(request.Once ? "" : Welcome(request.Settings, cluster, listening)),
            stop);
        if (!request.Once)
            return ExitCode.Success;
        await Console.Out.WriteAsync(Print(last));
        return outcome;
    }

    /// <summary>Runs the service until <paramref name="watch"/> has seen enough; the result is what it saw last.</summary>
    private static async Task<ControllerState> RunServiceAsync(
        Settings settings,
        AdminFiles admin,
        SandboxCluster cluster,
        SandboxScreen screen,
        Func<CancellationToken, Task<ControllerState>> watch,
        Action<Listening> welcome,
        CancellationToken stop)
    {
        TimeProvider time = TimeProvider.System;
        using ILoggerFactory loggers = LoggerFactory.Create(l => AddLog(l, settings, time));
        var states = new StateStore();
        using var metrics = new ServiceMetrics(states, time, BuildInfo.Current.Version);
        using KubeApiClient api = ClusterAccess.Connect(settings with { Kubeconfig = cluster.KubeconfigPath, KubeContext = "" }, time, metrics.KubeRequest);
        Settings withLoopback = settings with { HealthCheckAllowedNetworks = settings.HealthCheckAllowedNetworks.Add(Loopback) };
        IProber prober = ClusterAccess.CreateProber(withLoopback, api, time, cluster.Resolve);
        ReloadTls reloadTls = ClusterAccess.CreateReloadTls(settings, time);
        using var spans = new ServiceSpans(time);
        using OtlpExport? export = OtlpExport.Begin(settings, loggers);
        using var scraper = new MetricScraper(metrics);
        Settings decided = ClusterAccess.WithMode(settings, api);
        await using var journal = RoundJournal.Open(decided, holdsMassRemoval: false, time, loggers.CreateLogger<RoundJournal>());
        using var controller = new Controller(
            decided,
            admin,
            api,
            prober,
            Publish,
            time,
            RunCommand.NewRandom(),
            loggers,
            metrics,
            spans,
            reloadTls: reloadTls,
            record: journal is null ? null : journal.Note);
        var host = new ServiceHost(settings, controller, api, states, scraper, time, loggers)
        {
            Address = IPAddress.Loopback,
            OnListening = welcome,
            Export = export,
        };
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task running = host.RunAsync(end.Token);
        Task<ControllerState> seen = watch(watching.Token);
        await Task.WhenAny(seen, running);
        await watching.CancelAsync();
        await end.CancelAsync();
        await running;
        return await seen;

        void Publish(ControllerState state)
        {
            states.Publish(state);
            screen.Show(state);
        }
    }

    /// <summary>Leaves out log lines that repeat what the screen shows, unless the user sets a level below warning.</summary>
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

    private static string Welcome(Settings settings, SandboxCluster cluster, Listening listening)
    {
        string ns = settings.ConfigMapNamespace, name = settings.ConfigMapName;
        return $"""
            The page at      {listening.Api.GetLeftPart(UriPartial.Authority)}/   (the REST API is there too: /api/v1/status, described in /openapi/v1.json)
            Metrics at       {listening.Metrics.GetLeftPart(UriPartial.Authority)}/metrics
            A Kubernetes API in memory at {cluster.Url.GetLeftPart(UriPartial.Authority)}, gone when this ends. Try in another terminal:

              export KUBECONFIG={cluster.KubeconfigPath}
              kubectl edit configmap {name} -n {ns}
              kubectl delete configmap {name} -n {ns}
              kubectl annotate service grafana -n monitoring sandbox.dynamic-toolset/answer=503

            Ctrl-C ends it.


            """;
    }
}
