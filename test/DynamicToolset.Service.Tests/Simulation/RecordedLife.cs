using System.Text.Json;
using DynamicToolset.Journal;
using DynamicToolset.Rounds;

namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>The rounds of one replica, each decided again from what a journal has of it. Now and then a file begins anew, or a round is lost.</summary>
internal sealed class RecordedLife(RoundOptions options, Random random)
{
    private readonly JournalWriter _writer = new();
    private readonly Replay _replay = new(options);
    private long _last;

    /// <summary>How many rounds were decided again; of how many a file began.</summary>
    public (int Rounds, int Starts) Count { get; private set; }

    public void Record(JournalRound round)
    {
        if (random.Next(50) == 0)
            return;
        bool canBegin = JournalWriter.CanBeginWith(round);
        if (round.Number != _last + 1 || (canBegin && random.Next(10) == 0))
            _writer.BeginAnew();
        if (!_writer.HasBegun && !canBegin)
            return;
        Count = (Count.Rounds, Count.Starts + (_writer.HasBegun ? 0 : 1));
        _writer.Write(round, round.Number - _last - 1, line => Check(line, round));
        _last = round.Number;
    }

    private void Check(ReadOnlyMemory<byte> line, JournalRound round)
    {
        using var json = JsonDocument.Parse(line);
        if (_replay.Next(json.RootElement) is not { } again)
            return;
        Count = (Count.Rounds + 1, Count.Starts);
        if (!again.Differences.IsEmpty || again.Number != round.Number)
            throw new BrokenPromiseException($"round {round.Number} is decided otherwise: {string.Join('\n', again.Differences)}\n{System.Text.Encoding.UTF8.GetString(line.Span)}");
    }
}
