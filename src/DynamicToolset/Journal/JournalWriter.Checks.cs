using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;

namespace DynamicToolset.Journal;

/// <content>What is known of endpoints.</content>
public sealed partial class JournalWriter
{
    private void WriteHealth(Pen pen, JudgedHealth now, JudgedHealth? before)
    {
        WriteTable(
            pen,
            "health",
            now.Checks.States.Where(s => IsOther(before?.Checks.Find(s.Key), s.Value)),
            before?.Checks.States.Select(s => s.Key).Where(k => now.Checks.Find(k) is null),
            (p, s) => InputShapes.Health(p, s));
        if (before is null || !now.Kept.SetEquals(before.Kept) || !now.Placed.SetEquals(before.Placed) || now.IsPanic != before.IsPanic)
        {
            _isNews = true;
            pen.FlagOrNull("panic", now.IsPanic);
            pen.Texts("kept", [.. now.Kept.Select(k => $"{k}").Order(StringComparer.Ordinal)]);
            pen.Texts("placed", [.. now.Placed.Select(k => $"{k}").Order(StringComparer.Ordinal)]);
        }
    }

    /// <summary>Times are not: they change with each check.</summary>
    private static bool IsOther(HealthState? before, HealthState now) => before is null
        || before.Verdict != now.Verdict || before.Told != now.Told || before.Obstacle != now.Obstacle
        || before.Last?.Reason != now.Last?.Reason || before.Last?.StatusCode != now.Last?.StatusCode;

    private void WriteIdentities(Pen pen, IdentityTable now, IdentityTable? before)
    {
        Dictionary<EndpointKey, PastVisit> known = before?.Visits.ToDictionary() ?? [];
        Dictionary<EndpointKey, PastVisit> visits = now.Visits.ToDictionary();
        if (News(before?.IsNeeded, now.IsNeeded))
            pen.FlagOrNull("asks", now.IsNeeded);
        WriteTable(
            pen,
            "visits",
            visits.Where(v => known.GetValueOrDefault(v.Key) != v.Value),
            known.Keys.Where(k => !visits.ContainsKey(k)),
            (p, v) => InputShapes.Visit(p, v));
        WriteTable(
            pen,
            "identities",
            now.Identities.Where(i => before?.Find(i.Key) != i.Value),
            before?.Identities.Keys.Where(k => now.Find(k) is null),
            (p, i) => InputShapes.Identity(p, i));
    }

    private void WriteTable<T>(
        Pen pen, string name, IEnumerable<KeyValuePair<EndpointKey, T>> changed, IEnumerable<EndpointKey>? gone, Action<Pen, T> write)
    {
        KeyValuePair<EndpointKey, T>[] values = [.. changed.OrderBy(c => c.Key.Service).ThenBy(c => c.Key.Port)];
        string[] goneKeys = [.. (gone ?? []).Select(k => $"{k}").Order(StringComparer.Ordinal)];
        if (values.Length == 0 && goneKeys.Length == 0)
            return;
        _isNews = true;
        pen.Writer!.WriteStartObject(name);
        foreach ((EndpointKey key, T value) in values)
        {
            pen.Writer.WriteStartObject($"{key}");
            write(pen, value);
            pen.Writer.WriteEndObject();
        }

        foreach (string key in goneKeys)
            pen.Writer.WriteNull(key);
        pen.Writer.WriteEndObject();
    }
}
