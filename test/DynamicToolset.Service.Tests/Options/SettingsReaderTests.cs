using System.Collections.Immutable;
using System.Net;
using DynamicToolset.Holmes;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Tests.Options;

public sealed class SettingsReaderTests
{
    [Theory]
    [InlineData(null, null, null, "5m", "default")]
    [InlineData("1m", null, null, "1m", "settings.yaml:1:21")]
    [InlineData(null, "2m", null, "2m", "environment")]
    [InlineData("1m", "2m", null, "2m", "environment")]
    [InlineData(null, null, "3m", "3m", "--discovery-interval")]
    [InlineData("1m", "2m", "3m", "3m", "--discovery-interval")]
    [InlineData("1m", "", null, "1m", "settings.yaml:1:21")]
    [InlineData("1m", "  ", null, "1m", "settings.yaml:1:21")]
    [InlineData(null, " 2m ", null, "2m", "environment")]
    [InlineData(null, "120s", null, "2m", "environment")]
    public void Flags_win_over_environment_over_file_over_default(string? file, string? variable, string? flag, string text, string place)
    {
        SettingsReading reading = Read(
            file is null ? "" : $"DISCOVERY_INTERVAL: {file}",
            variable is null ? "" : $"DISCOVERY_INTERVAL={variable}",
            flag is null ? "" : $"DISCOVERY_INTERVAL={flag}");

        Assert.Empty(reading.Problems);
        EffectiveSetting effective = reading.Effective.Single(setting => setting.Definition.Name == "DISCOVERY_INTERVAL");
        Assert.Equal((text, place), (effective.Text, effective.Origin.Place));
    }

    [Fact]
    public void Every_default_is_allowed()
    {
        foreach (SettingsProfile profile in new[] { SettingsProfile.Service, SettingsProfile.Sandbox, SettingsProfile.Generate })
            Assert.Empty(Defaults(profile).Problems);
    }

    [Fact]
    public void A_profile_changes_the_defaults_of_settings_that_there_are()
    {
        foreach (SettingsProfile profile in new[] { SettingsProfile.Sandbox, SettingsProfile.Generate })
            Assert.Empty(profile.Defaults.Keys.Except(Settings.Definitions.Select(d => d.Name)));
    }

    [Fact]
    public void Every_value_arrives_in_its_property()
    {
        Settings settings = Given("""
            NAMESPACES=monitoring, team-a
            HEALTH_CHECK_ENABLED=False
            HEALTH_CHECK_TIMEOUT=1m30s
            HEALTH_CHECK_MODE=Direct
            HEALTH_CHECK_CONCURRENCY=1024
            HEALTH_CHECK_ALLOWED_NETWORKS=127.0.0.0/8,fd00::/8
            HEALTH_CHECK_RESOLVE=Grafana.Monitoring:3000=127.0.0.1:13000,p.m:9090=[::1]:19090
            HEALTH_CHECK_CA_FILE=/ca.crt
            HEALTH_CHECK_TOKEN_FILES=thanos/openshift-monitoring=/var/run/a=b,loki/logging=/l
            HOLMES_TARGET=current
            HOLMES_RELOAD_URL=https://holmes.ai:5050/reload?x=1
            AUTHORIZATION=none
            LOG_LEVEL=WARN
            PORT=0
            """);

        Assert.Equal(["monitoring", "team-a"], settings.Namespaces);
        Assert.False(settings.HealthCheckEnabled);
        Assert.Equal(TimeSpan.FromSeconds(90), settings.HealthCheckTimeout);
        Assert.Equal(HealthCheckMode.Direct, settings.HealthCheckMode);
        Assert.Equal(1024, settings.HealthCheckConcurrency);
        Assert.Equal([IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("fd00::/8")], settings.HealthCheckAllowedNetworks);
        Assert.Equal(
            [
                new ResolvedAddress("grafana.monitoring", 3000, IPAddress.Loopback, 13000),
                new ResolvedAddress("p.m", 9090, IPAddress.IPv6Loopback, 19090),
            ],
            settings.HealthCheckResolve);
        Assert.Equal([new("thanos", "openshift-monitoring", "/var/run/a=b"), new("loki", "logging", "/l")], settings.HealthCheckTokenFiles);
        Assert.Equal(HolmesTarget.Current, settings.HolmesTarget);
        Assert.Equal("https://holmes.ai:5050/reload?x=1", settings.HolmesReloadUrl);
        Assert.Equal(AuthorizationMode.None, settings.Authorization);
        Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Warning, settings.LogLevel);
        Assert.Equal(0, settings.Port);
        Assert.Equal(["kubernetes/core", "kubernetes/logs"], settings.HolmesBaseToolsets);
    }

    [Theory]
    [InlineData("", "kubernaut-system", "default")]
    [InlineData("POD_NAMESPACE=ops", "ops", "default, from POD_NAMESPACE")]
    [InlineData("POD_NAMESPACE=ops\nCONFIGMAP_NAMESPACE=other", "other", "environment")]
    public void The_ConfigMap_is_kept_in_the_pods_own_namespace_unless_told_otherwise(string environment, string expected, string place)
    {
        SettingsReading reading = Read("", environment, "");
        Assert.Equal(expected, reading.Settings!.ConfigMapNamespace);
        Assert.Equal(place, reading.Effective.Single(setting => setting.Definition.Name == "CONFIGMAP_NAMESPACE").Origin.Place);
    }

    [Fact]
    public void An_empty_list_in_a_flag_or_a_file_is_an_empty_list()
    {
        Assert.Empty(Read("", "NAMESPACES=a", "NAMESPACES=").Settings!.Namespaces);
        Assert.Empty(Read("HOLMES_BASE_TOOLSETS:", "", "").Settings!.HolmesBaseToolsets);
        Assert.Empty(Read("HOLMES_BASE_TOOLSETS: []", "", "").Settings!.HolmesBaseToolsets);
    }

    [Theory]
    [InlineData("DISCOVERY_INTERVAL=5", "a duration such as 500ms, 30s or 1m30s, from 100ms to 24h")]
    [InlineData("DISCOVERY_INTERVAL=25h", "a duration such as 500ms, 30s or 1m30s, from 100ms to 24h")]
    [InlineData("HEALTH_CHECK_TIMEOUT=0", "a duration such as 500ms, 30s or 1m30s, from 1ms to 5m")]
    [InlineData("SHUTDOWN_DELAY=-1s", "a duration such as 500ms, 30s or 1m30s, from 0s to 5m")]
    [InlineData("HEALTH_CHECK_ENABLED=yes", "true or false")]
    [InlineData("HEALTH_CHECK_UNHEALTHY_THRESHOLD=0", "a whole number from 1 to 100")]
    [InlineData("HEALTH_CHECK_CONCURRENCY=1025", "a whole number from 1 to 1024")]
    [InlineData("PORT=+8080", "a whole number from 0 to 65535")]
    [InlineData("HEALTH_CHECK_MODE=proxy", "one of auto, direct, apiserver-proxy")]
    [InlineData("LOG_LEVEL=1", "one of debug, info, warn, error")]
    [InlineData("NAMESPACES=a,", "a comma list of namespaces (DNS labels: a-z, 0-9 and '-'), or empty")]
    [InlineData("CONFIGMAP_NAME=a/b", "a DNS name: a-z, 0-9, '-' and '.', at most 253 characters")]
    [InlineData("CONFIGMAP_NAMESPACE=a.b", "a DNS label: a-z, 0-9 and '-', at most 63 characters")]
    [InlineData("CLUSTER_DOMAIN=.local", "a DNS name such as cluster.local, or empty")]
    [InlineData("HOLMES_BASE_TOOLSETS=a.b", "a comma list of toolset names such as kubernetes/core (letters, digits, '-', '_' and '/'), or empty")]
    [InlineData("AUTH_AUDIENCES=a b", "a comma list of token audiences (printable ASCII without blanks), or empty")]
    public void A_refusal_names_the_setting_the_value_the_origin_and_what_is_allowed(string variable, string allowed)
    {
        (string name, string value) = Lines(variable).Single();
        Assert.Equal([$"{name}: \"{value}\" (environment) is not allowed; allowed: {allowed}"], Read("", variable, "").Problems);
    }

    [Theory]
    [InlineData("HOLMES_BASE_TOOLSETS=kubernetes/core,internet", null)]
    [InlineData("HOLMES_BASE_TOOLSETS=skills\nHOLMES_TARGET=current", null)]
    [InlineData("HOLMES_BASE_TOOLSETS=skills", "\"skills\" is not in the releases of 2025: remove it, or set HOLMES_TARGET=current")]
    [InlineData("HOLMES_BASE_TOOLSETS=kubernetes/core,git", "\"git\" was removed in the releases of 2026")]
    [InlineData("HOLMES_BASE_TOOLSETS=docker/core", "\"docker/core\" is only for HolmesGPT's command line: its server does not have it")]
    [InlineData("HOLMES_BASE_TOOLSETS=loki", "\"loki\" is not a toolset of HolmesGPT: write grafana/loki")]
    public void A_base_toolset_is_one_that_a_server_of_the_target_has(string variables, string? problem)
    {
        ImmutableArray<string> problems = Read("", variables, "").Problems;
        if (problem is null)
            Assert.Empty(problems);
        else
            Assert.Contains($": {problem}; allowed: a comma list of toolset names ", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("fd00::1/8")]
    public void A_network_range_is_exact(string text) => AssertRefused("HEALTH_CHECK_ALLOWED_NETWORKS", text);

    [Theory]
    [InlineData("a:1=b:2")]
    [InlineData("a=127.0.0.1:2")]
    [InlineData("a:1=127.0.0.1")]
    [InlineData("a:1=::1:2")]
    [InlineData("a:0=127.0.0.1:2")]
    [InlineData("a:1=127.0.0.1:65536")]
    [InlineData("a_b:1=127.0.0.1:2")]
    public void A_resolved_address_has_a_host_an_address_and_two_ports(string text) => AssertRefused("HEALTH_CHECK_RESOLVE", text);

    [Theory]
    [InlineData("thanos=/token")]
    [InlineData("thanos/=/token")]
    [InlineData("/monitoring=/token")]
    [InlineData("thanos/*=/token")]
    [InlineData("*/monitoring=/token")]
    [InlineData("thanos/monitoring")]
    [InlineData("thanos/monitoring=")]
    [InlineData("thanos/monitoring=token")]
    [InlineData("thanos/monitoring/x=/token")]
    public void A_token_is_for_one_rule_in_one_namespace_and_stands_in_a_file(string text) => AssertRefused("HEALTH_CHECK_TOKEN_FILES", text);

    [Theory]
    [InlineData("", "HEALTH_CHECK_TOKEN_FILES thanos/m=/a,loki/m=/a (environment) has no effect without HEALTH_CHECK_CA_FILE: a token is sent only to a backend whose certificate is verified; set both, or none")]
    [InlineData("HEALTH_CHECK_CA_FILE=/ca.crt", null)]
    public void A_token_needs_a_CA(string more, string? problem)
    {
        ImmutableArray<string> problems = Read("", $"HEALTH_CHECK_TOKEN_FILES=thanos/m=/a,loki/m=/a\n{more}", "").Problems;
        Assert.Equal(problem is null ? [] : [problem], problems);
    }

    [Fact]
    public void Nobody_has_two_tokens() => Assert.EndsWith(
        ": thanos/m has 2 files: keep one",
        Read("", "HEALTH_CHECK_TOKEN_FILES=thanos/m=/a,thanos/m=/b\nHEALTH_CHECK_CA_FILE=/ca.crt", "").Problems.Single());

    [Theory]
    [InlineData("holmes/reload")]
    [InlineData("/reload")]
    [InlineData("ftp://holmes/")]
    [InlineData("http://")]
    [InlineData("http://holmes/#top")]
    public void A_reload_URL_is_absolute_and_http(string text) => AssertRefused("HOLMES_RELOAD_URL", text);

    [Fact]
    public void The_item_of_a_list_that_is_at_fault_is_named() => Assert.StartsWith(
        "NAMESPACES: \"a,Team_B\" (environment) is not allowed because of \"Team_B\"; allowed: ",
        Read("", "NAMESPACES=a,Team_B", "").Problems.Single(),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("HOLMES_RELOAD_URL=http://me:hunter2@holmes/")]
    [InlineData("HOLMES_RELOAD_API_KEY=hunter2 and more")]
    public void A_refusal_repeats_no_secret(string variable)
    {
        string problem = Read("", variable, "").Problems.Single();
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
        Assert.Contains(": \"<redacted>\" (environment) is not allowed; ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_the_kubelet_set_for_a_Service_of_that_name_is_explained() => Assert.EndsWith(
        "Kubernetes set this value for a Service of that name: set enableServiceLinks: false in the pod",
        Read("", "METRICS_PORT=tcp://10.96.0.7:9090", "").Problems.Single(),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "LEASE_DURATION=10s",
        "LEASE_DURATION 10s (environment) must be longer than RENEW_DEADLINE 10s (default) and 1s: set LEASE_DURATION above 11s")]
    [InlineData(
        "LEASE_DURATION=11s",
        "LEASE_DURATION 11s (environment) must be longer than RENEW_DEADLINE 10s (default) and 1s: set LEASE_DURATION above 11s")]
    [InlineData(
        "RENEW_DEADLINE=14s",
        "LEASE_DURATION 15s (default) must be longer than RENEW_DEADLINE 14s (environment) and 1s: set LEASE_DURATION above 15s")]
    [InlineData(
        "RETRY_PERIOD=9s",
        "RENEW_DEADLINE 10s (default) must be longer than 1.2 times RETRY_PERIOD 9s (environment): set RENEW_DEADLINE above 10.8s")]
    [InlineData(
        "SHUTDOWN_DELAY=25s",
        "SHUTDOWN_TIMEOUT 25s (default) must be longer than SHUTDOWN_DELAY 25s (environment): set SHUTDOWN_TIMEOUT above 25s")]
    [InlineData(
        "PORT=9090",
        "METRICS_PORT 9090 (default) must differ from PORT 9090 (environment): choose another port, or 0 for any free one")]
    public void Settings_that_contradict_each_other_are_refused(string variable, string message) =>
        Assert.Equal([message], Read("", variable, "").Problems);

    [Theory]
    [InlineData("LEASE_DURATION=11001ms")]
    [InlineData("RETRY_PERIOD=8.3s")]
    [InlineData("LEADER_ELECTION_ENABLED=true")]
    [InlineData("LEASE_DURATION=5m\nRENEW_DEADLINE=4m")]
    [InlineData("SHUTDOWN_DELAY=0")]
    [InlineData("PORT=0\nMETRICS_PORT=0")]
    public void Settings_just_within_their_rules_are_taken(string environment) => Assert.Empty(Read("", environment, "").Problems);

    [Fact]
    public void Everything_that_is_wrong_is_reported_at_once()
    {
        SettingsReading reading = Read(
            "DISCOVERY_INTERVALL: 5m\nLOG_LEVEL: loud\nPORT: [1, 2]", "RETRY_PERIOD=9s\nHEALTH_CHECK_TIMEOUT=5", "CONFIGMAP_NAME=");

        Assert.Null(reading.Settings);
        Assert.Equal(
            [
                "settings.yaml:1:1: unknown setting \"DISCOVERY_INTERVALL\" (did you mean DISCOVERY_INTERVAL?)",
                "settings.yaml:3:7: PORT takes one value, no list and no map; allowed: a whole number from 0 to 65535",
                "HEALTH_CHECK_TIMEOUT: \"5\" (environment) is not allowed; allowed: a duration such as 500ms, 30s or 1m30s, from 1ms to 5m",
                "CONFIGMAP_NAME: \"\" (--configmap-name) is not allowed; allowed: a DNS name: a-z, 0-9, '-' and '.', at most 253 characters",
                "settings.yaml:2:12: LOG_LEVEL: \"loud\" is not allowed; allowed: one of debug, info, warn, error",
                "RENEW_DEADLINE 10s (default) must be longer than 1.2 times RETRY_PERIOD 9s (environment): set RENEW_DEADLINE above 10.8s",
            ],
            reading.Problems);
    }

    [Fact]
    public void The_sandbox_has_its_own_defaults_and_says_so()
    {
        SettingsReading reading = Defaults(SettingsProfile.Sandbox);

        Assert.Equal(TimeSpan.FromSeconds(2), reading.Settings!.HealthCheckInterval);
        Assert.Equal("sandbox default", reading.Effective.Single(setting => setting.Definition.Name == "PORT").Origin.Place);
        Assert.Equal("default", reading.Effective.Single(setting => setting.Definition.Name == "DISCOVERY_INTERVAL").Origin.Place);
    }

    [Fact]
    public void A_settings_record_never_prints_its_values() =>
        Assert.DoesNotContain("hunter2", Given("HOLMES_RELOAD_API_KEY=hunter2").ToString(), StringComparison.Ordinal);

    private static Settings Given(string environment)
    {
        SettingsReading reading = Read("", environment, "");
        Assert.Empty(reading.Problems);
        return reading.Settings!;
    }

    private static SettingsReading Defaults(SettingsProfile profile) =>
        SettingsReading.Of(profile, ImmutableDictionary<string, string>.Empty, _ => null, SettingsFile.None);

    private static void AssertRefused(string name, string text)
    {
        SettingDefinition definition = Settings.Definitions.Single(d => d.Name == name);
        string problem = Read("", $"{definition.Name}={text}", "").Problems.Single();
        Assert.StartsWith($"{definition.Name}: \"{text}\" (environment) is not allowed; allowed: {definition.Allowed}", problem, StringComparison.Ordinal);
    }

    /// <param name="environment">Lines of <c>NAME=value</c>; so are the flags.</param>
    private static SettingsReading Read(string file, string environment, string flags)
    {
        Dictionary<string, string> variables = Lines(environment).ToDictionary(line => line.Name, line => line.Value);
        Dictionary<string, string> given = Lines(flags).ToDictionary(line => line.Name, line => line.Value);
        return SettingsReading.Of(SettingsProfile.Service, given, variables.GetValueOrDefault, SettingsFile.Parse("settings.yaml", file));
    }

    private static IEnumerable<(string Name, string Value)> Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).Select(sides => (sides[0], sides[1]));
}
