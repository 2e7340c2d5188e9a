using System.Text.Json;
using DynamicToolset.Journal;
using DynamicToolset.Testing;
using DynamicToolset.Tests.Journal;
using DynamicToolset.Tests.Rounds;

namespace DynamicToolset.Tests.Fuzz;

[Collection(FuzzCollection.Name)]
public sealed class JournalFuzzTests
{
    /// <summary>In bytes for one of the text: a line of a start is the whole of a ConfigMap, of which toolsets, texts and the file are made again.</summary>
    private const double MostHeld = 200;

    private static readonly string[] Pieces =
    [
        "\"start\":{}", "\"round\":1,", "\"gone\":[\"a/b\"],", "\"there\":true,", "\"there\":false,", "true", "null", "-1", "1e99", "99999999999999999999", "[]", "{}", "\"\"", "\"a/b\"",
        "\"a/b:80\":", "\"data\":{\"a-toolset.yaml\":true},", "\"outcome\":\"Written\",", "\"outcome\":\"Fenced\",", "\"step\":\"patch\",", "\"kind\":\"ExternalName\",", "\\u0000", "\ud83d\ude00", "\"health\":{},",
        "\"kept\":[\"a/b:80\"],", "\"panic\":true,", "\"rulesAnew\":true,", "\"leadership\":{\"is\":\"Leader\"},",
    ];

    private static readonly RoundWorld World = new RoundWorld().With("m/grafana app=grafana service:3000", "m/prometheus app=prometheus web:9090", "shop/shop http:80 @toolset=true @type=custom")
        .Settle().Override("grafana: {config: {apiKey: hunter2}}\nidle: {enabled: false}").Settle().Down("m/grafana").Check().Settle().Delete().Settle().Override("a: [").Settle();

    private static readonly string[] Texts = [World.Recorder.Text, .. World.Recorder.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => $"{{\"start\":{{}}}}\n{l}")];

    /// <summary>A file may come from anybody: each line is read or refused, and whatever is read can be decided.</summary>
    [Fact]
    public Task Whatever_stands_in_a_journal_is_decided_or_refused() =>
        new FuzzSeries(MostHeld).TryAsync(3_000, 30..2_970, random => new TextMutation(random, Texts, Pieces).Next(), MutatedText.SizeOf, Use);

    private static FuzzOutcome Use(string text)
    {
        try
        {
            List<ReplayedRound> rounds = RoundRecorder.Replay(World.Options, text);
            return new FuzzOutcome(rounds.Count > 0, rounds);
        }
        // As the command does.
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or InvalidOperationException or OverflowException)
        {
            return new FuzzOutcome(false, null);
        }
    }
}
