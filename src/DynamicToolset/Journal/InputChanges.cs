using System.Collections.Immutable;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;

namespace DynamicToolset.Journal;

/// <summary>What changed in the inputs of a round since the one before, for people.</summary>
public static class InputChanges
{
    private const int MostNamed = 10;

    /// <param name="before">Null if there is none: then everything is told in numbers.</param>
    public static ImmutableArray<string> Between(RoundInputs? before, RoundInputs now) => before is null
        ?
        [
            $"{now.Services.Services.Count()} Services, {now.Health.Checks.Count} checked endpoints",
            Describe(now.ConfigMap),
            $"{now.Rules.InForce.Rules.Length} rules, {now.OverrideFiles.Files.Length} files in OVERRIDES_DIR",
            Describe(now.Leadership),
        ]
        :
        [
            .. Named("new or changed Services", now.Services.ChangedSince(before.Services).Select(s => s.Key).Order()),
            .. Named("deleted Services", now.Services.GoneSince(before.Services).Order()),
            .. Named("", ChecksOf(before.Health.Checks, now.Health.Checks)),
            .. Panic(before.Health.IsPanic, now.Health.IsPanic),
            .. Named("backends said what they are", IdentitiesOf(before.Identities, now.Identities)),
            .. before.AreFirstChecksDone == now.AreFirstChecksDone ? Array.Empty<string>() : ["the first checks ended"],
            .. before.ConfigMap == now.ConfigMap ? Array.Empty<string>() : [Describe(now.ConfigMap)],
            .. before.Overrides == now.Overrides ? Array.Empty<string>() : ["overrides.yaml changed"],
            .. before.OverrideFiles == now.OverrideFiles ? Array.Empty<string>() : ["the files in OVERRIDES_DIR changed"],
            .. before.Rules == now.Rules ? Array.Empty<string>() : ["the detector rules changed"],
            .. before.Owner == now.Owner ? Array.Empty<string>() : [$"owner: {now.Owner.GetType().Name}"],
            .. before.Leadership == now.Leadership ? Array.Empty<string>() : [Describe(now.Leadership)],
            .. before.DiscoveryCycle == now.DiscoveryCycle ? Array.Empty<string>() : ["a new discovery cycle began"],
        ];

    private static string[] Panic(bool before, bool now) => before == now ? [] : [now ? "no health check passes" : "health checks pass again"];

    private static IEnumerable<string> IdentitiesOf(IdentityTable before, IdentityTable now) => now.Identities
        .Where(i => before.Find(i.Key) != i.Value)
        .Select(i => $"{i.Key}: {i.Value}")
        .Order(StringComparer.Ordinal);

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
        { LastSeen: not null } => "the ConfigMap was deleted",
        _ => "there is no ConfigMap",
    };

    private static string Describe(Leadership leadership) => leadership switch
    {
        Leadership.Alone => "there is no leader election",
        Leadership.Leader => "this replica is the leader",
        Leadership.Follower { Holder.Length: > 0 } follower => $"the leader is {follower.HolderShown}",
        _ => "no leader is known",
    };
}
