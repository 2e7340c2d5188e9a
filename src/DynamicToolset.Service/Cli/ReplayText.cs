using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Journal;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Service.Cli;

/// <summary>Rounds that were decided again, for people and for programs.</summary>
internal static class ReplayText
{
    private const int NameWidth = 11;
    private const int MostNumbers = 20;

    public static string Of(RecordedFile file, ImmutableArray<ReplayedRound> shown)
    {
        var text = new StringBuilder();
        foreach (ReplayedRound round in shown)
            Append(text, round);
        foreach (string line in Notes(file))
            text.Append(line).Append('\n');
        return text.ToString();
    }

    /// <summary>
    /// <c>{"rounds":[{"round","at","elapsed","missed","inputs","plan","step","set","removed","drift","refusal","waitsUntil","verdicts","problems","solved",
    /// "same","differences"}],"notes":[…]}</c>; times since the start in seconds, and of verdicts and problems only the new ones.
    /// </summary>
    public static JsonObject Json(RecordedFile file, ImmutableArray<ReplayedRound> shown) => new()
    {
        ["rounds"] = new JsonArray([.. shown.Select(r => Json(r))]),
        ["notes"] = Texts(Notes(file)),
    };

    public static string Time(ReplayedRound round) => round.Decided.Wall.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Notes(RecordedFile file)
    {
        ImmutableArray<long> other = [.. file.Rounds.Where(r => !r.Differences.IsEmpty).Select(r => r.Number)];
        return
        [
            .. file.CutOff is { } line ? [$"Line {line} is cut off, as after a crash or on a full disk, and is ignored."] : Array.Empty<string>(),
            .. file.Difference is { } difference ? [$"The journal was {difference}."] : Array.Empty<string>(),
            .. file.HasPlaceholders ? [Redacted] : Array.Empty<string>(),
            other.IsEmpty
                ? $"{Count(file.Rounds.Length)}, all decided as recorded."
                : $"{other.Length} of {Count(file.Rounds.Length)} {(other.Length == 1 ? "is" : "are")} decided differently from the record: {Numbers(other)}.",
        ];
    }

    private const string Redacted = "Secrets and values of overrides are placeholders such as redacted-1 in a journal."
        + " What was decided is compared, not the texts that were written.";

    private static string Numbers(ImmutableArray<long> rounds) =>
        string.Join(", ", rounds.Take(MostNumbers)) + (rounds.Length > MostNumbers ? ", …" : "");

    private static string Count(int rounds) => rounds == 1 ? "1 round" : $"{rounds} rounds";

    private static void Append(StringBuilder text, ReplayedRound round)
    {
        RoundSummary decided = round.Rebuilt, before = round.Before?.Rebuilt ?? RoundSummary.None;
        text.Append(CultureInfo.InvariantCulture, $"round {round.Number}  {Time(round)}  {Elapsed(round.Decided.Elapsed)} after the start\n");
        Append(text, "missing", round.Missed > 0 ? [$"{Count((int)Math.Min(round.Missed, int.MaxValue))} before this one"] : []);
        Append(text, "inputs", InputChanges.Between(round.Before?.Inputs, round.Inputs));
        Append(text, "decision", DecisionOf(round));
        Append(text, "services", RoundSummary.Changes(before.Verdicts, decided.Verdicts).Select(v => $"{v.Key}: {v.Value ?? "gone"}"));
        Append(text, "problems", RoundSummary.Changes(before.Problems, decided.Problems).Select(p => p.Value is null ? $"solved: {p.Key}" : p.Key));
        Append(text, "different", round.Differences);
        text.Append('\n');
    }

    private static IEnumerable<string> DecisionOf(ReplayedRound round) => DecisionOf(round.Rebuilt, (round.Decision.Plan as ConfigMapPlan.Refuse)?.Detail);

    private static IEnumerable<string> DecisionOf(RoundSummary decided, string? refusal) =>
    [
        (decided.Plan, decided.Step) switch
        {
            ("none", "none") => "nothing to write",
            ("refuse", _) => "nothing is written",
            (_, "none") => $"{decided.Plan}, but not now",
            _ => decided.Step,
        },
        .. Line("writes", decided.Set),
        .. Line("removes", decided.Removed),
        .. Line("repairs", decided.Drift),
        .. refusal is null ? Array.Empty<string>() : [refusal],
        .. decided.WaitsUntil is { } until ? [$"looks again {Elapsed(until)} after the start"] : Array.Empty<string>(),
    ];

    private static string[] Line(string what, ImmutableArray<string> keys) => keys.IsEmpty ? [] : [$"{what} {string.Join(", ", keys)}"];

    private static void Append(StringBuilder text, string name, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            text.Append("  ").Append(name.PadRight(NameWidth)).Append(line.ReplaceLineEndings(" ")).Append('\n');
            name = "";
        }
    }

    private static string Elapsed(TimeSpan elapsed) => $"{elapsed.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)}s";

    private static JsonObject Json(ReplayedRound round)
    {
        RoundSummary decided = round.Rebuilt, before = round.Before?.Rebuilt ?? RoundSummary.None;
        ImmutableSortedDictionary<string, string?> problems = RoundSummary.Changes(before.Problems, decided.Problems);
        return new JsonObject
        {
            ["round"] = round.Number,
            ["at"] = Time(round),
            ["elapsed"] = round.Decided.Elapsed.TotalSeconds,
            ["missed"] = round.Missed,
            ["inputs"] = Texts(InputChanges.Between(round.Before?.Inputs, round.Inputs)),
            ["plan"] = decided.Plan,
            ["step"] = decided.Step,
            ["set"] = Texts(decided.Set),
            ["removed"] = Texts(decided.Removed),
            ["drift"] = Texts(decided.Drift),
            ["refusal"] = decided.Refusal,
            ["waitsUntil"] = decided.WaitsUntil?.TotalSeconds,
            ["verdicts"] = new JsonObject(RoundSummary.Changes(before.Verdicts, decided.Verdicts).Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value))),
            ["problems"] = Texts(problems.Where(p => p.Value is not null).Select(p => p.Key)),
            ["solved"] = Texts(problems.Where(p => p.Value is null).Select(p => p.Key)),
            ["same"] = round.Differences.IsEmpty,
            ["differences"] = Texts(round.Differences),
        };
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);
}
