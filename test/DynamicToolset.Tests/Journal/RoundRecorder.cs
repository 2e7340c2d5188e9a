using System.Text;
using System.Text.Json;
using DynamicToolset.Journal;
using DynamicToolset.Rounds;

namespace DynamicToolset.Tests.Journal;

/// <summary>Writes rounds as they come, and decides each again from what was written: two readers, of which one begins anew with every third round.</summary>
internal sealed class RoundRecorder
{
    private const int OneStartIn = 3;

    private readonly RoundTrip _whole = new();
    private readonly RoundTrip _inParts = new();
    private Round? _round;

    /// <summary>All lines of the first one.</summary>
    public string Text => _whole.Text;

    /// <summary>The rounds that were decided again.</summary>
    public IReadOnlyList<ReplayedRound> Rounds => _whole.Rounds;

    /// <summary>Decides again what stands in a text.</summary>
    public static List<ReplayedRound> Replay(RoundOptions options, string text)
    {
        var replay = new Replay(options);
        var rounds = new List<ReplayedRound>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(Encoding.UTF8.GetBytes(line));
            if (replay.Next(json.RootElement) is { } round)
                rounds.Add(round);
        }

        return rounds;
    }

    public void Record(Round round, JournalRound recorded)
    {
        bool isOther = _round != round || recorded.Memory.StartedAt is null;
        _round = round;
        if (isOther)
            _whole.BeginAnew();
        if (isOther || recorded.Number % OneStartIn == 0)
            _inParts.BeginAnew();
        _whole.Take(round, recorded);
        _inParts.Take(round, recorded);
    }

    private sealed class RoundTrip
    {
        private readonly JournalWriter _writer = new();
        private readonly StringBuilder _text = new();
        private Replay? _replay;

        public string Text => _text.ToString();

        public List<ReplayedRound> Rounds { get; } = [];

        public void BeginAnew() => _writer.BeginAnew();

        public void Take(Round round, JournalRound recorded)
        {
            if (!_writer.HasBegun && !JournalWriter.CanBeginWith(recorded))
                return;
            if (!_writer.HasBegun)
                _replay = new Replay(round.Options);
            _writer.Write(recorded, 0, line => Read(Encoding.UTF8.GetString(line.Span), recorded));
        }

        private void Read(string line, JournalRound recorded)
        {
            _text.Append(line);
            using var json = JsonDocument.Parse(line);
            if (_replay!.Next(json.RootElement) is not { } replayed)
                return;
            Rounds.Add(replayed);
            Assert.Equal(recorded.Number, replayed.Number);
            Assert.Empty(RoundSummary.Of(recorded.Decision).DifferencesTo(replayed.Recorded));
            Assert.True(replayed.Differences.IsEmpty, $"round {recorded.Number}: {string.Join('\n', replayed.Differences)}\n{line}");
        }
    }
}
