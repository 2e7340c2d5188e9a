using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;

namespace DynamicToolset.Journal;

/// <summary>What a round looks at that is other than in the one before, for a person.</summary>
public static class InputChanges
{
    private const int MostNamed = 10;

    /// <param name="before">Null where there is none: then all that is there is told in numbers.</param>
    public static ImmutableArray<string> Between(RoundInputs? before, RoundInputs now) => before is null
        ?
        [
            $"{now.Services.Services.Count()} Services, {now.Health.Checks.Count} endpoints that are checked",
            Describe(now.ConfigMap),
            $"{now.Rules.InForce.Rules.Length} rules, {now.OverrideFiles.Files.Length} files of OVERRIDES_DIR",
            Describe(now.Leadership),
        ]
        :
        [
            .. Named("Services are there, or changed", now.Services.ChangedSince(before.Services).Select(s => s.Key).Order()),
            .. Named("Services are gone", now.Services.GoneSince(before.Services).Order()),
            .. Named("", ChecksOf(before.Health.Checks, now.Health.Checks)),
            .. now.Health.IsPanic == before.Health.IsPanic ? Array.Empty<string>() : [now.Health.IsPanic ? "every check fails" : "not every check fails any more"],
            .. Named("answer that they are something", now.Identities.Identities.Where(i => before.Identities.Find(i.Key) != i.Value).Select(i => $"{i.Key}: {i.Value}").Order(StringComparer.Ordinal)),
            .. before.AreFirstChecksDone == now.AreFirstChecksDone ? Array.Empty<string>() : ["the first checks are done"],
            .. before.ConfigMap == now.ConfigMap ? Array.Empty<string>() : [Describe(now.ConfigMap)],
            .. before.Overrides == now.Overrides ? Array.Empty<string>() : ["overrides.yaml is another one"],
            .. before.OverrideFiles == now.OverrideFiles ? Array.Empty<string>() : ["the files of OVERRIDES_DIR are other ones"],
            .. before.Rules == now.Rules ? Array.Empty<string>() : ["the detector rules are other ones"],
            .. before.Owner == now.Owner ? Array.Empty<string>() : [$"owner: {now.Owner.GetType().Name}"],
            .. before.Leadership == now.Leadership ? Array.Empty<string>() : [Describe(now.Leadership)],
            .. before.DiscoveryCycle == now.DiscoveryCycle ? Array.Empty<string>() : ["all Services are evaluated anew"],
        ];

    private static IEnumerable<string> ChecksOf(HealthTable before, HealthTable now) => now.States
        .Where(s => before.Find(s.Key) is not { } known || known.Verdict != s.Value.Verdict || known.Last?.Reason != s.Value.Last?.Reason)
        .OrderBy(s => s.Key.Service).ThenBy(s => s.Key.Port)
        .Select(s => $"check of {s.Key}: {s.Value.Status.ToString().ToLowerInvariant()}{(s.Value.Last is { } last ? $", {last.Sentence}" : "")}");

    private static IEnumerable<string> Named<T>(string what, IEnumerable<T> named)
    {
        string[] all = [.. named.Select(n => $"{n}")];
        if (all.Length == 0)
            return [];
        string more = all.Length > MostNamed ? $" and {all.Length - MostNamed} more" : "";
        return what.Length == 0
            ? [.. all.Take(MostNamed), .. more.Length > 0 ? [more.TrimStart()] : Array.Empty<string>()]
            : [$"{what}: {string.Join(", ", all.Take(MostNamed))}{more}"];
    }

    private static string Describe(ConfigMapView view) => view switch
    {
        { Newest: { } present } => $"the ConfigMap has version {present.ResourceVersion}",
        { LastSeen: not null } => "the ConfigMap is gone",
        _ => "there is no ConfigMap",
    };

    private static string Describe(Leadership leadership) => leadership switch
    {
        Leadership.Alone => "there is no election",
        Leadership.Leader => "this replica leads",
        Leadership.Follower { Holder.Length: > 0 } follower => $"{follower.HolderShown} leads",
        _ => "nobody is known to lead",
    };
}
