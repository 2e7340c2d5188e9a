using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.Overrides;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;

namespace DynamicToolset.Journal;

/// <summary>
/// Writes rounds as lines of JSON: all that is there after a line with <c>start</c>, then what is other than in the round before. Secrets are redacted, see
/// <see cref="ShownTexts"/>. One caller at a time.
/// </summary>
public sealed class JournalWriter
{
    /// <summary>Of the format. Whoever adds a field that older programs may pass over leaves it as it is.</summary>
    public const int Version = 1;

    private const int ServicesInALine = 100;

    /// <summary>A larger buffer is given back after its line.</summary>
    private const int KeptBuffer = 256 * 1024;

    private ArrayBufferWriter<byte> _buffer = new();
    private ShownTexts _texts = new(new Placeholders());
    private RoundInputs? _before;
    private ConfigMapRecord? _configMap;
    private ImmutableArray<KeyValuePair<string, string>> _wanted = [];
    private RoundSummary _told = RoundSummary.None;
    private bool _isNews;

    /// <summary>False until the first round of a file was written, and after <see cref="BeginAnew"/>.</summary>
    public bool HasBegun => _before is not null;

    /// <summary>The next round is written with all that is there, for a reader who knows of none before.</summary>
    public void BeginAnew() => _before = null;

    /// <summary>Whether a file can begin with this round: overrides that change in it would be compared with a text that nobody has.</summary>
    public static bool CanBeginWith(JournalRound round) =>
        round.Memory.StartedAt is null || round.Memory.OverridesReadFrom == OverridesInForce.SourceIn(round.Inputs.ConfigMap.LastSeen);

    /// <param name="missed">How many rounds are not written since the last one that was.</param>
    /// <param name="take">Is given each line, with its end. Where nothing is new there is none.</param>
    public void Write(JournalRound round, long missed, Action<ReadOnlyMemory<byte>> take)
    {
        bool isStart = !HasBegun;
        if (isStart)
            WriteStart(round, missed, take);
        RoundInputs? before = _before;
        _isNews = isStart;
        if (isStart || !ReferenceEquals(before!.Services, round.Inputs.Services))
            WriteServices(round.Inputs, before, take);
        RoundSummary summary = RoundSummary.Of(round.Decision);
        WriteLine(pen => WriteRound(pen, round, before, summary), IsWorthIt, take);
        (_before, _told, _wanted) = (round.Inputs, summary, round.Decision.Desired.Data);

        bool IsWorthIt() => _isNews || summary != _told || !summary.IsQuiet || round.Outcome is not WriteOutcome.NotWritten;
    }

    private void WriteStart(JournalRound round, long missed, Action<ReadOnlyMemory<byte>> take)
    {
        (_texts, _configMap, _wanted, _told) = (new ShownTexts(new Placeholders()), null, [], RoundSummary.None);
        WriteLine(
            pen =>
            {
                pen.Part("start", round.Memory, new MemoryShape(_texts).Of);
                pen.Number("missed", missed);
            },
            () => true,
            take);
    }

    private void WriteServices(RoundInputs now, RoundInputs? before, Action<ReadOnlyMemory<byte>> take)
    {
        bool areAllNew = before is null || !ReferenceEquals(before.Rules.InForce, now.Rules.InForce);
        ServiceSnapshot known = before?.Services ?? ServiceSnapshot.Empty;
        IEnumerable<ServiceRecord> changed = areAllNew || known.Parts.Length != now.Services.Parts.Length
            ? now.Services.Services
            : now.Services.ChangedSince(known).Where(s => Find(known, s.Key) is not { } old || ServiceNews.IsNews(now.Rules.InForce, old, s));
        foreach (ServiceRecord[] some in changed.OrderBy(s => s.Key).Chunk(ServicesInALine))
        {
            _isNews = true;
            WriteLine(pen => pen.List("services", [.. some.Select(s => Shown(s, now))], InputShapes.Service), () => true, take);
        }

        string[] gone = [.. now.Services.GoneSince(known).Order().Select(k => $"{k}")];
        if (gone.Length == 0)
            return;
        _isNews = true;
        WriteLine(pen => pen.Texts("gone", gone), () => true, take);
    }

    private static ServiceRecord? Find(ServiceSnapshot services, ObjectKey key) =>
        services.Parts.Select(p => p.GetValueOrDefault(key)).FirstOrDefault(s => s is not null);

    /// <summary>Of labels and annotations only those that the API shows too: that a rule or the service itself reads.</summary>
    private static ServiceRecord Shown(ServiceRecord service, RoundInputs now) => service with
    {
        Labels = service.Labels.Where(l => now.Rules.InForce.LabelsRead.Contains(l.Key)).ToDictionary(),
        Annotations = service.Annotations.Where(a => ServiceNews.IsRead(now.Rules.InForce, a.Key)).ToDictionary(),
    };

    private void WriteRound(Pen pen, JournalRound round, RoundInputs? before, RoundSummary summary)
    {
        RoundInputs now = round.Inputs;
        pen.Number("round", round.Number);
        pen.Moment("at", round.Decided.Wall);
        pen.Elapsed("elapsed", round.Decided.Elapsed);
        WriteRules(pen, now, before);
        WriteView(pen, now, before);
        if (before?.Health is not { } health || !ReferenceEquals(health, now.Health))
            WriteHealth(pen, now.Health, before?.Health);
        if (!ReferenceEquals(before?.Identities, now.Identities))
            WriteIdentities(pen, now.Identities, before?.Identities);
        if (News(before?.OverrideFiles, now.OverrideFiles))
        {
            var memory = new MemoryShape(_texts);
            pen.Flag("overrideFilesAnew", true);
            pen.List("overrideFiles", [.. now.OverrideFiles.Files.Select(f => f with { State = memory.Shown(f.State)! })], InputShapes.OverrideFile);
        }

        if (News(before?.Owner, now.Owner))
            pen.Part("owner", now.Owner, InputShapes.Owner);
        if (News(before?.Leadership, now.Leadership))
            pen.Part("leadership", now.Leadership, InputShapes.Leadership);
        if (News(before?.AreFirstChecksDone, now.AreFirstChecksDone))
            pen.FlagOrNull("firstChecksDone", now.AreFirstChecksDone);
        if (News(before?.DiscoveryCycle, now.DiscoveryCycle))
            pen.Number("cycle", now.DiscoveryCycle);
        pen.Part("decision", summary, RoundSummary.After(_told));
        WriteEnd(pen, round);
    }

    private bool News<T>(T before, T now)
    {
        bool isNews = !EqualityComparer<T>.Default.Equals(before, now);
        _isNews |= isNews;
        return isNews;
    }

    private void WriteRules(Pen pen, RoundInputs now, RoundInputs? before)
    {
        if (ReferenceEquals(before?.Rules, now.Rules))
            return;
        _isNews = true;
        pen.Flag("rulesAnew", true);
        pen.Texts("rules", [.. now.Rules.InForce.DocumentsBeside(Rules.BuiltInRules.All).Select(_texts.Rule)]);
        pen.List("ruleProblems", now.Rules.Problems, InputShapes.RuleProblem);
    }

    /// <summary>The ConfigMap as it was last seen, and whether it is there. The overrides first: their words may stand in it.</summary>
    private void WriteView(Pen pen, RoundInputs now, RoundInputs? before)
    {
        if (before is null || OverridesInForce.SourceIn(before.ConfigMap.LastSeen) != OverridesInForce.SourceIn(now.ConfigMap.LastSeen))
        {
            OverrideSet read = OverrideParser.ParseIn(now.ConfigMap.LastSeen);
            _isNews = true;
            pen.Part("overrides", read with { Entries = _texts.Of(read.Entries) }, InputShapes.OverrideSet);
        }

        if (News(before?.ConfigMap, now.ConfigMap) || before is null)
        {
            pen.FlagOrNull("there", now.ConfigMap.Newest is not null);
            WriteConfigMap(pen, "configMap", now.ConfigMap.LastSeen);
        }
    }

    private void WriteConfigMap(Pen pen, string name, ConfigMapRecord? record)
    {
        if (record is null || (record.Uid == _configMap?.Uid && record.ResourceVersion == _configMap.ResourceVersion))
            return;
        pen.Writer!.WriteStartObject(name);
        ConfigMapShape.Write(pen, record, _configMap, _wanted, _texts);
        pen.Writer.WriteEndObject();
        _configMap = record;
    }

    private void WriteHealth(Pen pen, JudgedHealth now, JudgedHealth? before)
    {
        IEnumerable<(string, HealthState)> changed =
            [.. now.Checks.States.Where(s => IsOther(before?.Checks.Find(s.Key), s.Value)).OrderBy(s => s.Key.Service).ThenBy(s => s.Key.Port).Select(s => ($"{s.Key}", s.Value))];
        WriteTable(pen, "health", changed, before?.Checks.States.Select(s => s.Key).Where(k => now.Checks.Find(k) is null), (p, s) => InputShapes.Health(p, s));
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
            [.. visits.Where(v => known.GetValueOrDefault(v.Key) != v.Value).OrderBy(v => v.Key.Service).ThenBy(v => v.Key.Port).Select(v => ($"{v.Key}", v.Value))],
            known.Keys.Where(k => !visits.ContainsKey(k)),
            (p, v) => InputShapes.Visit(p, v));
        WriteTable(
            pen,
            "identities",
            [.. now.Identities.Where(i => before?.Find(i.Key) != i.Value).OrderBy(i => i.Key.Service).ThenBy(i => i.Key.Port).Select(i => ($"{i.Key}", i.Value))],
            before?.Identities.Keys.Where(k => now.Find(k) is null),
            (p, i) => InputShapes.Identity(p, i));
    }

    private void WriteTable<T>(Pen pen, string name, IEnumerable<(string Key, T Value)> changed, IEnumerable<EndpointKey>? gone, Action<Pen, T> write)
    {
        string[] goneKeys = [.. (gone ?? []).Select(k => $"{k}").Order(StringComparer.Ordinal)];
        if (!changed.Any() && goneKeys.Length == 0)
            return;
        _isNews = true;
        pen.Writer!.WriteStartObject(name);
        foreach ((string key, T value) in changed)
        {
            pen.Writer.WriteStartObject(key);
            write(pen, value);
            pen.Writer.WriteEndObject();
        }

        foreach (string key in goneKeys)
            pen.Writer.WriteNull(key);
        pen.Writer.WriteEndObject();
    }

    private void WriteEnd(Pen pen, JournalRound round)
    {
        _wanted = round.Decision.Desired.Data;
        pen.Elapsed("concluded", round.Concluded.Elapsed);
        if (round.Outcome is not WriteOutcome.NotWritten)
            pen.Text("outcome", round.Outcome.GetType().Name);
        pen.Part("ownersRefused", (round.Outcome as WriteOutcome.Written)?.OwnersRefused ?? (round.Outcome as WriteOutcome.OnlyOwnersRefused)?.Refusal, MemoryShape.OwnersRefusal);
        WriteConfigMap(pen, "written", (round.Outcome as WriteOutcome.Written)?.Present ?? (round.Outcome as WriteOutcome.Fenced)?.Present);
    }

    private void WriteLine(Action<Pen> write, Func<bool> isWanted, Action<ReadOnlyMemory<byte>> take)
    {
        using var json = new Utf8JsonWriter(_buffer);
        json.WriteStartObject();
        write(new Pen(json));
        json.WriteEndObject();
        json.Flush();
        _buffer.Write("\n"u8);
        if (isWanted())
            take(_buffer.WrittenMemory);
        _buffer.ResetWrittenCount();
        if (_buffer.Capacity > KeptBuffer)
            _buffer = new();
    }
}
