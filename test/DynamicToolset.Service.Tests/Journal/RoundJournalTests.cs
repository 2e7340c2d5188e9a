using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Journal;
using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Service.Cli;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Journal;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Journal;

public sealed class RoundJournalTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly LogLines _log = new();
    private readonly Settings _settings;
    private readonly Round _round;
    private RoundMemory _memory = RoundMemory.Start;
    private long _rounds;

    public RoundJournalTests()
    {
        _settings = SettingsReading.Of(SettingsProfile.Service, new Dictionary<string, string> { ["JOURNAL_DIR"] = _folder.Path, ["OWNER_REFERENCE_ENABLED"] = "false" }, _ => null).Settings!;
        _round = new Round(Controller.ToRoundOptions(_settings, BuiltInRules.All));
    }

    public void Dispose() => _folder.Dispose();

    private string[] Files => [.. Directory.GetFiles(_folder.Path, "rounds-*").Order(StringComparer.Ordinal)];

    private IEnumerable<string> Told => _log.All.Select(line => JsonNode.Parse(line)!["msg"]!.GetValue<string>());

    [Fact]
    public async Task What_is_recorded_can_be_decided_again()
    {
        await using (RoundJournal journal = RoundJournal.Open(_settings, holdsMassRemoval: false, _time, _log)!)
        {
            for (int i = 0; i < 3; i++)
                journal.Note(Next(services: i));
        }

        RecordedFile file = ReplayCommand.Read(Assert.Single(Files));
        Assert.Equal([1, 2, 3], file.Rounds.Select(r => r.Number));
        Assert.All(file.Rounds, r => Assert.Empty(r.Differences));
        Assert.Null(file.Difference);
        Assert.Equal(["Rounds are recorded"], Told);
    }

    [Fact]
    public async Task Only_its_owner_may_read_a_file()
    {
        await using (RoundJournal.Open(_settings, holdsMassRemoval: false, _time, _log))
        {
            string file = Assert.Single(Files);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    /// <summary>Somebody who can write into the directory must not make the service write another file.</summary>
    [Fact]
    public async Task What_is_there_already_is_never_written_into()
    {
        string aim = _folder.Write("aim", "mine");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "rounds-20260102T030405.000Z.jsonl"), aim);
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "rounds-20260102T030405.000Z-01.jsonl"), Path.Combine(_folder.Path, "nowhere"));
        await using (RoundJournal.Open(_settings, holdsMassRemoval: false, _time, _log))
        {
            Assert.Equal("mine", await File.ReadAllTextAsync(aim, TestContext.Current.CancellationToken));
            Assert.False(File.Exists(Path.Combine(_folder.Path, "nowhere")));
            Assert.Contains(Files, f => f.EndsWith("-02.jsonl", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_directory_that_does_not_exist_ends_the_start() => AssertRefused($"{_folder.Path}/no", "there is no directory");

    [Fact]
    public void So_does_one_that_is_a_link()
    {
        string link = Path.Combine(_folder.Path, "link");
        Directory.CreateSymbolicLink(link, Path.GetTempPath());
        AssertRefused(link, "is a symbolic link");
    }

    [Fact]
    public void One_that_cannot_be_written_to_ends_the_start() => AssertRefused("/proc", "cannot create a file in \"/proc\"");

    [Fact]
    public void Without_a_folder_nothing_is_recorded() => Assert.Null(RoundJournal.Open(_settings with { JournalDir = "" }, holdsMassRemoval: false, _time, _log));

    [Fact]
    public async Task A_full_disk_delays_nothing_and_is_logged_once_and_when_it_is_over()
    {
        bool isFull = true;
        var files = new JournalFiles(_folder.Path, JournalHeader.Write(_settings, false), _time, (path, options) => isFull ? OpenFull(path) : new FileStream(path, options));
        await using (var journal = new RoundJournal(files, _time, _log))
        {
            for (int i = 0; i < 3; i++)
                journal.Write(Next(services: i));
            isFull = false;
            journal.Write(Next(services: 4));
            _time.Advance(TimeSpan.FromMinutes(1));
            journal.Write(Next(services: 5));
        }

        Assert.Equal(["Journal cannot be written", "Journal is written again"], Told);
        RecordedFile file = ReplayCommand.Read(Assert.Single(Files));
        Assert.Equal((5, 4), (Assert.Single(file.Rounds).Number, file.Rounds[0].Missed));
        Assert.All(file.Rounds, r => Assert.Empty(r.Differences));

        // By a link: a file that could not be begun is deleted, and a test that runs as root must not delete the device.
        static FileStream OpenFull(string path)
        {
            File.CreateSymbolicLink(path, "/dev/full");
            return new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        }
    }

    /// <summary>What fills up by itself must not keep a service from starting.</summary>
    [Fact]
    public async Task A_disk_that_is_full_at_the_start_is_tried_again()
    {
        bool isFull = true;
        var files = new JournalFiles(_folder.Path, JournalHeader.Write(_settings, false), _time, (path, options) => isFull ? throw new IOException("no space left on device", 28) : new FileStream(path, options));
        await using (RoundJournal journal = RoundJournal.Open(files, _folder.Path, _time, _log))
        {
            journal.Write(Next(services: 1));
            isFull = false;
            _time.Advance(TimeSpan.FromMinutes(1));
            journal.Write(Next(services: 2));
        }

        Assert.Equal(["Journal cannot be written", "Journal is written again"], Told);
        Assert.Equal(2, Assert.Single(ReplayCommand.Read(Assert.Single(Files)).Rounds).Number);
    }

    /// <summary>Each try would else push out one of the recorded files.</summary>
    [Fact]
    public void A_file_that_could_not_be_begun_does_not_stay()
    {
        using var files = new JournalFiles(_folder.Path, new byte[10], _time, (path, options) =>
        {
            File.WriteAllText(path, "");
            return new FileStream(path, FileMode.Open, FileAccess.Read);
        });
        Assert.Throws<NotSupportedException>(files.Begin);
        files.GiveUp();
        Assert.Empty(Files);
    }

    /// <summary>Two programs may share the directory, and each deletes the oldest file when there are too many.</summary>
    [Fact]
    public async Task A_file_that_somebody_deletes_is_followed_by_another_one()
    {
        await using (RoundJournal journal = RoundJournal.Open(_settings, holdsMassRemoval: false, _time, _log)!)
        {
            journal.Write(Next(services: 1));
            File.Delete(Assert.Single(Files));
            journal.Write(Next(services: 2));
            Assert.Equal(2, Assert.Single(ReplayCommand.Read(Assert.Single(Files)).Rounds).Number);
        }
    }

    [Fact]
    public async Task Two_programs_in_one_directory_write_files_of_their_own()
    {
        await using (RoundJournal one = RoundJournal.Open(_settings, holdsMassRemoval: false, _time, _log)!)
        await using (RoundJournal other = RoundJournal.Open(_settings, holdsMassRemoval: false, _time, _log)!)
        {
            JournalRound round = Next(services: 1);
            one.Write(round);
            other.Write(round);
        }

        Assert.Equal(2, Files.Length);
        Assert.All(Files, f => Assert.Single(ReplayCommand.Read(f).Rounds));
    }

    /// <summary>A disk that hangs must not keep the program from going on or ending.</summary>
    [Fact]
    public async Task A_disk_that_is_too_slow_costs_rounds_and_nothing_else()
    {
        using var released = new ManualResetEventSlim();
        var files = new JournalFiles(_folder.Path, JournalHeader.Write(_settings, false), _time, (path, options) =>
        {
            released.Wait(TestContext.Current.CancellationToken);
            return new FileStream(path, options);
        });
        await using (var journal = new RoundJournal(files, _time, _log))
        {
            for (int i = 0; i < 30; i++)
                journal.Note(Next(services: i));
            released.Set();
            await Patience.EventuallyAsync(
                () =>
                {
                    journal.Note(Next(services: 99));
                    return Told.Contains("Rounds are missing from the journal, the disk is too slow");
                },
                "a round behind those that are missing is written");
        }

        RecordedFile file = ReplayCommand.Read(Assert.Single(Files));
        Assert.Contains(file.Rounds, r => r.Missed > 0);
        Assert.All(file.Rounds, r => Assert.Empty(r.Differences));
    }

    [Fact]
    public void Never_is_more_written_than_there_is_room_for_and_the_oldest_go()
    {
        string foreign = _folder.Write("notes.txt", "mine");
        using var files = new JournalFiles(_folder.Path, "{}\n"u8.ToArray(), _time);
        byte[] line = new byte[1024 * 1024];
        for (int i = 0; i < 100; i++)
        {
            if (files.IsFull)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                files.Begin();
            }

            files.Append(line);
            Assert.InRange(Files.Sum(f => new FileInfo(f).Length), 0, JournalFiles.Size);
            Assert.InRange(Files.Length, 1, JournalFiles.MostFiles);
            Assert.All(Files, f => Assert.InRange(new FileInfo(f).Length, 0, JournalFiles.FileSize + line.Length));
        }

        Assert.Equal("rounds-20260102T030418.000Z.jsonl", Path.GetFileName(Files[^1]));
        Assert.True(File.Exists(foreign));
    }

    [Fact]
    public void One_round_that_is_larger_than_all_of_it_is_not_written()
    {
        using var files = new JournalFiles(_folder.Path, "{}\n"u8.ToArray(), _time);
        files.Begin();
        files.Append(new byte[JournalFiles.Size - 3]);
        Assert.Contains("64 MiB", Assert.Throws<IOException>(() => files.Append("x"u8)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_last_line_that_is_cut_off_is_reported_and_ignored()
    {
        string file = await RecordAsync(3);
        string text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, text[..^20], TestContext.Current.CancellationToken);
        RecordedFile read = ReplayCommand.Read(file);
        Assert.Equal([1, 2], read.Rounds.Select(r => r.Number));
        Assert.Equal(text.Count(c => c == '\n'), read.CutOff);
    }

    [Theory]
    [InlineData("", ":1: the file is empty")]
    [InlineData("{\"journal\":1", ":1: the first line has no end")]
    [InlineData("hello\n", ":1: not JSON")]
    [InlineData("{}\n", ":1: this is not a journal: its first line has no \"journal\"")]
    [InlineData("{\"journal\":2}\n", ":1: the journal has format 2, but this version reads format 1: use the version that recorded it")]
    [InlineData("{\"journal\":1,\"settings\":{\"NAMESPACES\":\"A_B\"}}\n", ":1: its settings cannot be used: NAMESPACES")]
    [InlineData("{\"journal\":1}\n{\"round\":1}\n", ":2: no line with \"start\" is in front of it")]
    [InlineData("{\"journal\":1}\n\u0001\n", ":2: not JSON")]
    [InlineData("{\"journal\":1}\n{\"start\":{}}\n{\"round\":1,\"at\":\"2026-01-02T03:04:05Z\",\"decision\":{}}\n[]\n", ":4: an object is expected. Take an unchanged file of JOURNAL_DIR, or only the lines before this one: head -n 3")]
    public void What_cannot_be_read_is_reported_with_its_line(string text, string why)
    {
        string file = _folder.Write("x.jsonl", text);
        Assert.StartsWith(file + why, Assert.Throws<InputException>(() => ReplayCommand.Read(file)).Message, StringComparison.Ordinal);
    }

    private async Task<string> RecordAsync(int rounds)
    {
        await using (RoundJournal journal = RoundJournal.Open(_settings, holdsMassRemoval: false, _time, _log)!)
        {
            for (int i = 0; i < rounds; i++)
                journal.Note(Next(services: i));
        }

        return Files[^1];
    }

    private void AssertRefused(string folder, string why)
    {
        var refused = Assert.Throws<InputException>(() => RoundJournal.Open(_settings with { JournalDir = folder }, holdsMassRemoval: false, _time, _log));
        Assert.StartsWith("JOURNAL_DIR: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    private JournalRound Next(int services)
    {
        ImmutableDictionary<ObjectKey, ServiceRecord> there = Enumerable.Range(0, services + 1).Select(i => new ObjectKey($"n{i}", "grafana")).ToImmutableDictionary(key => key, key => new ServiceRecord(
            key, "u", "1", ServiceKind.ClusterIP, new Dictionary<string, string> { ["app"] = "grafana" }, new Dictionary<string, string>(), [new ServicePort("service", 3000)], new Dictionary<string, string>()));
        var inputs = new RoundInputs(
            new RuleState(BuiltInRules.All, []), new ServiceSnapshot([there]), ConfigMapView.Empty, JudgedHealth.Empty, AreFirstChecksDone: true, new OwnerState.SwitchedOff(), 1, new Leadership.Alone());
        var now = new Moment(TimeSpan.FromSeconds(++_rounds), _time.GetUtcNow());
        Decision decision = _round.Decide(inputs, _memory, now);
        var round = new JournalRound(_rounds, inputs, _memory, now, decision, new WriteOutcome.NotWritten(), now);
        (_memory, _) = _round.Conclude(inputs, decision, round.Outcome, now);
        return round;
    }
}
