using System.Collections.Immutable;
using System.Net;
using DynamicToolset.Holmes;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Options;

/// <summary>
/// The settings in use, all of them checked: each on its own and against each other. Each property is the variable of the
/// same name in <see cref="SettingDefinitions"/>, where its meaning, default and bounds stand.
/// </summary>
public sealed record Settings
{
    /// <summary>Empty where not in a pod.</summary>
    public required string PodNamespace { get; init; }

    /// <summary>Empty: take the host name.</summary>
    public required string PodName { get; init; }

    /// <summary>Empty: in-cluster, else <c>~/.kube/config</c>.</summary>
    public required string Kubeconfig { get; init; }

    /// <summary>Empty: all.</summary>
    public required ImmutableArray<string> Namespaces { get; init; }

    /// <summary>Earlier comes first.</summary>
    public required ImmutableArray<string> PreferredNamespaces { get; init; }

    public required TimeSpan DiscoveryInterval { get; init; }

    /// <summary>Empty: short names.</summary>
    public required string ClusterDomain { get; init; }

    /// <summary>Empty: built-in rules only.</summary>
    public required string DetectorsDir { get; init; }

    /// <summary>True where somebody named that directory, which then must be there; the default one need not.</summary>
    public required bool IsDetectorsDirGiven { get; init; }

    public required bool HealthCheckEnabled { get; init; }

    public required TimeSpan HealthCheckInterval { get; init; }

    public required TimeSpan HealthCheckTimeout { get; init; }

    public required int HealthCheckAttempts { get; init; }

    public required TimeSpan HealthCheckRetryInterval { get; init; }

    public required int HealthCheckUnhealthyThreshold { get; init; }

    public required int HealthCheckHealthyThreshold { get; init; }

    public required int HealthCheckConcurrency { get; init; }

    public required HealthCheckMode HealthCheckMode { get; init; }

    /// <summary>Empty: certificates are not verified.</summary>
    public required string HealthCheckCaFile { get; init; }

    public required ImmutableArray<IPNetwork> HealthCheckAllowedNetworks { get; init; }

    public required ImmutableArray<ResolvedAddress> HealthCheckResolve { get; init; }

    public required bool HealthPanic { get; init; }

    public required string ConfigMapName { get; init; }

    public required string ConfigMapNamespace { get; init; }

    public required TimeSpan ReconciliationInterval { get; init; }

    public required bool OwnerReferenceEnabled { get; init; }

    public required string OwnerDeployment { get; init; }

    public required bool HolmesFormat { get; init; }

    public required HolmesTarget HolmesTarget { get; init; }

    public required ImmutableArray<string> HolmesBaseToolsets { get; init; }

    /// <summary>Empty: nobody is told.</summary>
    public required string HolmesReloadUrl { get; init; }

    /// <summary>A secret; empty: none.</summary>
    public required string HolmesReloadApiKey { get; init; }

    public required bool LeaderElectionEnabled { get; init; }

    public required string LeaseName { get; init; }

    public required TimeSpan LeaseDuration { get; init; }

    public required TimeSpan RenewDeadline { get; init; }

    public required TimeSpan RetryPeriod { get; init; }

    /// <summary>0: any free port.</summary>
    public required int Port { get; init; }

    /// <summary>0: any free port.</summary>
    public required int MetricsPort { get; init; }

    public required bool AuthEnabled { get; init; }

    /// <summary>Empty: those of the API server.</summary>
    public required ImmutableArray<string> AuthAudiences { get; init; }

    public required AuthorizationMode Authorization { get; init; }

    public required bool MetricsAuthEnabled { get; init; }

    /// <summary>Empty: no file.</summary>
    public required string ConfigFile { get; init; }

    public required LogLevel LogLevel { get; init; }

    public required LogFormat LogFormat { get; init; }

    public required TimeSpan ShutdownDelay { get; init; }

    public required TimeSpan ShutdownTimeout { get; init; }

    internal static Settings From(SettingValues values) => new()
    {
        PodNamespace = values.Get(SettingDefinitions.PodNamespace),
        PodName = values.Get(SettingDefinitions.PodName),
        Kubeconfig = values.Get(SettingDefinitions.Kubeconfig),
        Namespaces = values.Get(SettingDefinitions.Namespaces),
        PreferredNamespaces = values.Get(SettingDefinitions.PreferredNamespaces),
        DiscoveryInterval = values.Get(SettingDefinitions.DiscoveryInterval),
        ClusterDomain = values.Get(SettingDefinitions.ClusterDomain),
        DetectorsDir = values.Get(SettingDefinitions.DetectorsDir),
        IsDetectorsDirGiven = values.Setting(SettingDefinitions.DetectorsDir).Origin.Source != SettingSource.Default,
        HealthCheckEnabled = values.Get(SettingDefinitions.HealthCheckEnabled),
        HealthCheckInterval = values.Get(SettingDefinitions.HealthCheckInterval),
        HealthCheckTimeout = values.Get(SettingDefinitions.HealthCheckTimeout),
        HealthCheckAttempts = values.Get(SettingDefinitions.HealthCheckAttempts),
        HealthCheckRetryInterval = values.Get(SettingDefinitions.HealthCheckRetryInterval),
        HealthCheckUnhealthyThreshold = values.Get(SettingDefinitions.HealthCheckUnhealthyThreshold),
        HealthCheckHealthyThreshold = values.Get(SettingDefinitions.HealthCheckHealthyThreshold),
        HealthCheckConcurrency = values.Get(SettingDefinitions.HealthCheckConcurrency),
        HealthCheckMode = values.Get(SettingDefinitions.HealthCheckMode),
        HealthCheckCaFile = values.Get(SettingDefinitions.HealthCheckCaFile),
        HealthCheckAllowedNetworks = values.Get(SettingDefinitions.HealthCheckAllowedNetworks),
        HealthCheckResolve = values.Get(SettingDefinitions.HealthCheckResolve),
        HealthPanic = values.Get(SettingDefinitions.HealthPanic),
        ConfigMapName = values.Get(SettingDefinitions.ConfigMapName),
        ConfigMapNamespace = values.Get(SettingDefinitions.ConfigMapNamespace),
        ReconciliationInterval = values.Get(SettingDefinitions.ReconciliationInterval),
        OwnerReferenceEnabled = values.Get(SettingDefinitions.OwnerReferenceEnabled),
        OwnerDeployment = values.Get(SettingDefinitions.OwnerDeployment),
        HolmesFormat = values.Get(SettingDefinitions.HolmesFormat),
        HolmesTarget = values.Get(SettingDefinitions.HolmesTarget),
        HolmesBaseToolsets = values.Get(SettingDefinitions.HolmesBaseToolsets),
        HolmesReloadUrl = values.Get(SettingDefinitions.HolmesReloadUrl),
        HolmesReloadApiKey = values.Get(SettingDefinitions.HolmesReloadApiKey),
        LeaderElectionEnabled = values.Get(SettingDefinitions.LeaderElectionEnabled),
        LeaseName = values.Get(SettingDefinitions.LeaseName),
        LeaseDuration = values.Get(SettingDefinitions.LeaseDuration),
        RenewDeadline = values.Get(SettingDefinitions.RenewDeadline),
        RetryPeriod = values.Get(SettingDefinitions.RetryPeriod),
        Port = values.Get(SettingDefinitions.Port),
        MetricsPort = values.Get(SettingDefinitions.MetricsPort),
        AuthEnabled = values.Get(SettingDefinitions.AuthEnabled),
        AuthAudiences = values.Get(SettingDefinitions.AuthAudiences),
        Authorization = values.Get(SettingDefinitions.Authorization),
        MetricsAuthEnabled = values.Get(SettingDefinitions.MetricsAuthEnabled),
        ConfigFile = values.Get(SettingDefinitions.ConfigFile),
        LogLevel = values.Get(SettingDefinitions.LogLevel),
        LogFormat = values.Get(SettingDefinitions.LogFormat),
        ShutdownDelay = values.Get(SettingDefinitions.ShutdownDelay),
        ShutdownTimeout = values.Get(SettingDefinitions.ShutdownTimeout),
    };

    /// <summary>No values: a secret among them must not end up in a log.</summary>
    public override string ToString() => nameof(Settings);
}
