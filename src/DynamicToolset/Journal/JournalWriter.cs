using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.LeaderElection;
using DynamicToolset.Overrides;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;

namespace DynamicToolset.Journal;

/// <summary>
/// Writes rounds as lines of JSON: everything after a line with <c>start</c>, then the differences to the round before. Secrets are replaced, see
/// <see cref="Shown"/>. One caller at a time.
/// </summary>
public sealed partial class JournalWriter
{
    /// <summary>Of the format. It stays the same for a new field that older programs can ignore.</summary>
    public const int Version = 1;

    private const int ServicesInALine = 100;

    /// <summary>A larger buffer is given back after its line.</summary>
    private const int KeptBuffer = 256 * 1024;

    private ArrayBufferWriter<byte> _buffer = new();
    private Shown _shown = new();
    private RoundInputs? _before;
    private ConfigMapRecord? _configMap;
    private ImmutableArray<KeyValuePair<string, string>> _wanted = [];
    private RoundSummary _told = RoundSummary.None;
    private bool _isNews;

    /// <summary>What was in place when the file began. Later ones are the reader's own.</summary>
    private DesiredConfigMap? _placed;

    /// <summary>Of <see cref="_placed"/> and of the ConfigMap: of these the reader knows only what is shown.</summary>
    private readonly HashSet<string> _hiddenPlaced = new(StringComparer.Ordinal);

    private readonly HashSet<string> _hidden = new(StringComparer.Ordinal);

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
        (_shown, _configMap, _wanted, _told, _placed) = (new Shown(), null, [], RoundSummary.None, round.Memory.InPlace);
        _hidden.Clear();
        _hiddenPlaced.Clear();
        _hiddenPlaced.UnionWith(_placed?.Data.Select(d => d.Key) ?? []);
        WriteLine(
            pen =>
            {
                pen.Part("start", round.Memory, new MemoryShape(_shown).Of);
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
            WriteLine(pen => pen.List("services", [.. some.Select(s => _shown.Metadata.Of(s, now.Rules.InForce))], InputShapes.Service), () => true, take);
        }

        string[] gone = [.. now.Services.GoneSince(known).Order().Select(k => $"{k}")];
        if (gone.Length == 0)
            return;
        _isNews = true;
        WriteLine(pen => pen.Texts("gone", gone), () => true, take);
    }

    private static ServiceRecord? Find(ServiceSnapshot services, ObjectKey key) =>
        services.Parts.Select(p => p.GetValueOrDefault(key)).FirstOrDefault(s => s is not null);

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
            var memory = new MemoryShape(_shown);
            pen.Flag("overrideFilesAnew", true);
            pen.List("overrideFiles", [.. now.OverrideFiles.Files.Select(f => f with { State = memory.Shown(f.State)! })], InputShapes.OverrideFile);
        }

        if (News(before?.Owner, now.Owner))
            pen.Part("owner", now.Owner, InputShapes.Owner);
        if (News(before?.Leadership, now.Leadership))
            pen.Part("leadership", Shown(now.Leadership), InputShapes.Leadership);
        if (News(before?.AreFirstChecksDone, now.AreFirstChecksDone))
            pen.FlagOrNull("firstChecksDone", now.AreFirstChecksDone);
        if (News(before?.DiscoveryCycle, now.DiscoveryCycle))
            pen.Number("cycle", now.DiscoveryCycle);
        WriteWanted(pen, round);
        pen.Part("decision", summary, RoundSummary.After(_told));
        WriteEnd(pen, round);
    }

    /// <summary>Names the texts that turn out to be what is wanted: the reader then takes its own for them.</summary>
    private void WriteWanted(Pen pen, JournalRound round)
    {
        DesiredConfigMap wanted = round.Decision.Desired;
        var texts = wanted.Data.ToDictionary(StringComparer.Ordinal);
        Write("asWanted", _hidden, round.Inputs.ConfigMap.Newest is not { } present ? null : key => key == DesiredConfigMap.OverrideErrorAnnotation
            ? (present.Annotations.GetValueOrDefault(key), wanted.Annotations.GetValueOrDefault(key))
            : (present.Data.GetValueOrDefault(key), texts.GetValueOrDefault(key)));
        bool isPlaced = _hiddenPlaced.Count > 0 && ReferenceEquals(round.Memory.InPlace, _placed);
        Dictionary<string, string> placed = isPlaced ? _placed!.Data.ToDictionary(StringComparer.Ordinal) : [];
        Write("placedAsWanted", _hiddenPlaced, isPlaced ? key => (placed.GetValueOrDefault(key), texts.GetValueOrDefault(key)) : null);

        void Write(string name, HashSet<string> hidden, Func<string, (string? Text, string? Wanted)>? read)
        {
            if (read is null)
                return;
            string[] found = [.. hidden.Where(k => read(k) is ({ } text, { } own) && text == own).Order(StringComparer.Ordinal)];
            hidden.ExceptWith(found);
            _isNews |= found.Length > 0;
            pen.Texts(name, found);
        }
    }

    private Leadership Shown(Leadership leadership) =>
        leadership is Leadership.Leader { Fence: var fence } ? new Leadership.Leader(_shown.Metadata.Fence(fence)!) : leadership;

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
        pen.Texts("rules", [.. now.Rules.InForce.DocumentsBeside(Rules.BuiltInRules.All).Select(_shown.Values.Rule)]);
        pen.List("ruleProblems", now.Rules.Problems, InputShapes.RuleProblem);
    }

    /// <summary>The ConfigMap as it was last seen, and whether it is there.</summary>
    private void WriteView(Pen pen, RoundInputs now, RoundInputs? before)
    {
        if (before is null || OverridesInForce.SourceIn(before.ConfigMap.LastSeen) != OverridesInForce.SourceIn(now.ConfigMap.LastSeen))
        {
            OverrideSet read = OverrideParser.ParseIn(now.ConfigMap.LastSeen);
            _isNews = true;
            pen.Part("overrides", read with { Entries = _shown.Values.Of(read.Entries) }, InputShapes.OverrideSet);
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
        ConfigMapShape.Write(pen, record, _configMap, _wanted, _shown, _hidden);
        pen.Writer.WriteEndObject();
        _configMap = record;
    }

    private void WriteEnd(Pen pen, JournalRound round)
    {
        _wanted = round.Decision.Desired.Data;
        pen.Elapsed("concluded", round.Concluded.Elapsed);
        if (round.Outcome is not WriteOutcome.NotWritten)
            pen.Text("outcome", round.Outcome.GetType().Name);
        OwnersRefusal? refused = (round.Outcome as WriteOutcome.Written)?.OwnersRefused ?? (round.Outcome as WriteOutcome.OnlyOwnersRefused)?.Refusal;
        pen.Part("ownersRefused", refused, MemoryShape.OwnersRefusal);
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
