using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using DynamicToolset.Service.Api;

namespace DynamicToolset.Service.Cli;

/// <summary>A status for a person.</summary>
internal sealed class StatusText
{
    private const int NameWidth = 12;
    private const int MostNames = 10;
    private static readonly string[] Titles = ["NAMESPACE", "NAME", "TYPE", "ANSWERS AS", "TOOLSET", "HEALTH", "HOLMESGPT", "CHECKED", "URL"];

    private readonly StringBuilder _text = new();
    private readonly ReportedStatus _reported;
    private readonly DateTimeOffset _now;

    private StatusText(ReportedStatus reported, DateTimeOffset now) => (_reported, _now) = (reported, now);

    private StatusDocument Status => _reported.Status;

    public static string Of(ReportedStatus reported, DateTimeOffset now)
    {
        var text = new StatusText(reported, now);
        text.Write();
        return text._text.ToString();
    }

    private void Write()
    {
        WriteLine("source", _reported.Source == "api"
            ? $"the service {Status.Version} in {Status.Replica}, as of {Ago(Status.AsOf)}"
            : "the cluster: the service was not asked, so results of health checks are unknown (see --url)");
        if (_reported.Warning is { } warning)
            WriteLine("warning", $"{warning}; --url asks it");
        WriteLine("leader", Leader(Status.Leader));
        WriteLine("ConfigMap", ConfigMap());
        WriteLine("last write", LastWrite());
        WriteLine("overrides", Overrides(Status.Overrides));
        WriteLine("rules", Status.Rules.Valid ? $"{Status.Rules.InForce} in force" : $"the last good {Status.Rules.InForce} stay in force: {Status.Rules.Problems.FirstOrDefault()}");
        if (Status.Reload.Url is not null)
            WriteReload(Status.Reload);
        foreach (SelfCheckDocument check in Status.Checks.Where(c => c.State != "ok"))
            WriteLine(check.State, $"{check.Name}{(check.Detail is null ? "" : $": {check.Detail}")}");
        _text.Append('\n').Append(Services());
        WriteProblems();
    }

    private static string Leader(LeaderDocument leader) => leader switch
    {
        { Election: false, Holder: { } only } => $"{only}, the only replica",
        { Election: false } => "there is no election",
        { Holder: null } => "no leader is known",
        { IsLeader: true } => $"{leader.Holder}, this replica",
        _ => leader.Holder,
    };

    private string ConfigMap()
    {
        ConfigMapDocument map = Status.ConfigMap;
        string what = map.Version is null ? "not there" : string.Create(CultureInfo.InvariantCulture, $"version {map.Version}, {map.Bytes:N0} bytes");
        string state = map.Refused is { } refused ? $"not written: {refused}" : Status.Converged ? "up to date" : "not up to date yet";
        string leftOut = map.LeftOut.IsEmpty ? "" : $"; no room for {Names(map.LeftOut)}";
        return $"{map.Namespace}/{map.Name}: {what}; {state}{leftOut}";
    }

    private string LastWrite()
    {
        if (Status.ConfigMap.LastWrite is not { } write)
            return _reported.Source == "api" ? "none by this replica" : "not known";
        string drift = write.Drift.IsEmpty ? "" : $"; repaired {Names([.. write.Drift.Select(d => $"{d.Key} ({d.Kind}{(d.Manager is null ? "" : $" by {d.Manager}")})")])}";
        string set = write.Set.IsEmpty ? "" : $" {Names(write.Set)}";
        string removed = write.Removed.IsEmpty ? "" : $"; removed {Names(write.Removed)}";
        return $"{Ago(write.At)}: {write.Kind}{set}{removed}{drift}";
    }

    private static string Overrides(OverridesDocument overrides)
    {
        string force = overrides.InForce.IsEmpty ? "none in force" : $"{Names(overrides.InForce)} in force";
        string waiting = overrides.Dormant.IsEmpty ? "" : $"; waiting: {Names([.. overrides.Dormant.Select(d => d.Name)])}";
        IEnumerable<string> problems =
        [
            .. overrides.Problem is null ? Array.Empty<string>() : [overrides.Problem],
            .. overrides.Files.Where(f => f.Problem is not null).Select(f => $"{f.File}:{f.Problem}"),
        ];
        return overrides.Valid ? force + waiting : $"invalid: {string.Join("; ", problems)}; {force}{waiting}";
    }

    /// <summary>Each address that could not be called gets a line: there are as many as HolmesGPT has pods.</summary>
    private void WriteReload(ReloadDocument reload)
    {
        int told = reload.Addresses.Count(a => a.Detail is null);
        string more = reload.More > 0 ? $"; {reload.More} more {(reload.More == 1 ? "is" : "are")} too many to be called" : "";
        WriteLine("HolmesGPT", reload.Addresses.IsEmpty
            ? $"not told to reload yet, by {reload.Url}"
            : $"{told} of {(reload.Addresses.Length == 1 ? "1 address" : $"{reload.Addresses.Length} addresses")} told to reload {Ago(reload.Addresses.Max(a => a.At))}, by {reload.Url}{more}");
        foreach (ReloadedDocument failed in reload.Addresses.Where(a => a.Detail is not null))
            WriteLine("", failed.Address is { } address ? $"{address}: {failed.Detail}" : failed.Detail!);
    }

    private string Services()
    {
        if (_reported.Services.IsEmpty)
            return "No Service is detected: dynamic-toolset explain --all says why.\n";
        IEnumerable<ServiceDocument> inOrder =
            _reported.Services.OrderBy(s => s.Namespace, StringComparer.Ordinal).ThenBy(s => s.Name, StringComparer.Ordinal);
        return TextTable.Of([Titles, .. inOrder.Select(Row)]);
    }

    private string[] Row(ServiceDocument service) =>
    [
        service.Namespace,
        service.Name,
        service.Type,
        service.Identity is { } identity ? $"{identity.Product} {identity.Version}".TrimEnd() : "-",
        service.Toolset ?? "-",
        service.Health is { } health ? Health(health) : "-",
        service.Question?.Verdict ?? "-",
        service.Health?.LastCheck is { } at ? Ago(at) : "-",
        service.Endpoint + Form(service),
    ];

    private static string Form(ServiceDocument service) => service switch
    {
        { Health.Tried: { } tried } => $" (tried too: {tried})",
        { AsProbed: { } probed } => $" (as probed: {probed})",
        _ => "",
    };

    private static string Health(HealthDocument health) => health switch
    {
        { Reason: "ok" } => health.Status,
        { StatusCode: { } code } => $"{health.Status} ({health.Reason} {code})",
        _ => $"{health.Status} ({health.Reason})",
    };

    private void WriteProblems()
    {
        if (Status.Problems.IsEmpty)
            return;
        _text.Append('\n').Append("Problems:\n");
        foreach (ProblemDocument problem in Status.Problems)
            _text.Append("  ").Append(problem.Service is null ? "" : $"{problem.Service}: ").Append(problem.Detail).Append('\n');
        int more = Status.ProblemsTotal - Status.Problems.Length;
        if (more > 0)
            _text.Append(CultureInfo.InvariantCulture, $"  and {more} more\n");
    }

    private void WriteLine(string name, string value) => _text.Append(name.PadRight(NameWidth)).Append(value).Append('\n');

    private static string Names(ImmutableArray<string> names) =>
        names.Length <= MostNames ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNames))} and {names.Length - MostNames} more";

    /// <summary>Clocks differ: what lies ahead by a little is now.</summary>
    private string Ago(DateTimeOffset at) => (_now - at) switch
    {
        { TotalSeconds: < 1 } => "now",
        { TotalSeconds: < 120 } span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:F0} s ago"),
        { TotalMinutes: < 120 } span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:F0} min ago"),
        { TotalHours: < 48 } span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:F0} h ago"),
        var span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:F0} days ago"),
    };
}
