using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using DynamicToolset.Cluster;
using DynamicToolset.Journal;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Manifests;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Service.Api;
using DynamicToolset.Service.Explaining;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Journal;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>replay</c> was asked to do.</summary>
/// <param name="File">Or a folder of them, of which the newest is meant.</param>
/// <param name="Round">The one that is shown; null for all.</param>
/// <param name="Service">The one that is explained as of that round, or the last; null for none.</param>
internal sealed record ReplayRequest(string File, long? Round, ObjectKey? Service, bool IsJson)
{
    /// <summary>The file as it is, for who cannot copy it: an image may have no other program.</summary>
    public bool IsRaw { get; init; }
}

/// <summary>Decides again what a journal has, and says why.</summary>
internal static class ReplayCommand
{
    /// <returns>0 where each round is decided as it was then; 1 where one is not; 2 where the file cannot be read.</returns>
    public static Task<int> ExecuteAsync(ReplayRequest request) => PrintedAnswer.OfAsync("dynamic-toolset replay", async () =>
    {
        ReplayRequest named = Directory.Exists(request.File) ? request with { File = await NewestAsync(request.File) } : request;
        return named.IsRaw ? (Encoding.UTF8.GetString(ReadBytes(named.File)), ExitCode.Success) : Execute(named);
    });

    /// <exception cref="InputException">There is none.</exception>
    private static async Task<string> NewestAsync(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, JournalFiles.Pattern).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            throw new InputException($"{folder}: there is no {JournalFiles.Pattern} in it; is it what JOURNAL_DIR names?");
        string others = files.Length == 1 ? "" : $", the newest; there are {string.Join(", ", files[..^1])}";
        await Console.Error.WriteLineAsync($"{files[^1]}{others}");
        return files[^1];
    }

    private static (string Text, int ExitCode) Execute(ReplayRequest request)
    {
        RecordedFile file = Read(request.File);
        ImmutableArray<ReplayedRound> shown = request.Round is { } number ? [.. file.Rounds.Where(r => r.Number == number)] : file.Rounds;
        if (shown.IsEmpty)
            throw new InputException($"{request.File}: {(request.Round is { } asked ? $"there is no round {asked}" : "there is no round")} in it{(file.Rounds.IsEmpty ? "" : $": they go from {file.Rounds[0].Number} to {file.Rounds[^1].Number}, and one in which nothing was new is not recorded")}");
        int exitCode = file.Rounds.All(r => r.Differences.IsEmpty) ? ExitCode.Success : ExitCode.No;
        if (request.Service is not { } service)
            return (request.IsJson ? PrintedJson.Of(ReplayText.Json(file, shown)) : ReplayText.Of(file, shown), exitCode);
        (string text, ExplainedServices json) = Explain(file, shown[^1], service, request.File);
        return (request.IsJson ? json.ToJson() : $"As of round {shown[^1].Number}, {ReplayText.Time(shown[^1])}:\n{text}", exitCode);
    }

    private static (string Text, ExplainedServices Json) Explain(RecordedFile file, ReplayedRound round, ObjectKey service, string path)
    {
        var view = new ApiView(round.State, rules => file.Options.Pipeline with { Rules = rules });
        return view.Explained(service) is var (explanation, health)
            ? (ExplanationText.Of(explanation, health), ExplainedServices.Of([explanation], health))
            : throw new InputException($"{path}: there is no Service {service} in round {round.Number}");
    }

    /// <exception cref="InputException">It cannot be read, or is no journal.</exception>
    internal static RecordedFile Read(string path) => RecordedFile.Read(path, ReadBytes(path));

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return BoundedInput.ReadBytes(path, FileBounds.Journal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} {InputFile.WhyUnreadable(e, path)}");
        }
    }
}

/// <summary>The rounds of a journal, decided again.</summary>
/// <param name="Difference">See <see cref="JournalHeader.Difference"/>.</param>
/// <param name="CutOff">The number of the last line, where it has no end; null where it has.</param>
internal sealed record RecordedFile(RoundOptions Options, string? Difference, ImmutableArray<ReplayedRound> Rounds, int? CutOff)
{
    /// <exception cref="InputException">It is no journal.</exception>
    public static RecordedFile Read(string path, ReadOnlyMemory<byte> bytes)
    {
        JournalHeader? header = null;
        Replay? replay = null;
        var rounds = ImmutableArray.CreateBuilder<ReplayedRound>();
        for (int number = 1; !bytes.IsEmpty; number++)
        {
            int end = bytes.Span.IndexOf((byte)'\n');
            // A crash, or a full disk, leaves half a line.
            if (end < 0)
                return header is null ? throw Unreadable(path, number, "it has not even one whole line") : Of(number);
            ReadOnlyMemory<byte> line = bytes[..end];
            bytes = bytes[(end + 1)..];
            try
            {
                using var json = JsonDocument.Parse(line);
                if (header is null)
                {
                    header = JournalHeader.Read(json.RootElement);
                    replay = new Replay(OptionsOf(header));
                }
                else if (replay!.Next(json.RootElement) is { } round)
                {
                    rounds.Add(round);
                }
            }
            catch (Exception e) when (e is JsonException or FormatException or ArgumentException or InvalidOperationException or OverflowException)
            {
                throw Unreadable(path, number, e is JsonException ? "it is no JSON" : e.Message);
            }
        }

        return header is null ? throw Unreadable(path, 1, "the file is empty") : Of(null);

        RecordedFile Of(int? cutOff) => new(OptionsOf(header!), header!.Difference, rounds.ToImmutable(), cutOff);
    }

    private static RoundOptions OptionsOf(JournalHeader header) =>
        Controller.ToRoundOptions(header.Settings, BuiltInRules.All) with { HoldsMassRemoval = header.HoldsMassRemoval };

    private static InputException Unreadable(string path, int line, string why) => new(
        $"{path}:{line}: {why}. Is it a file of JOURNAL_DIR, and whole? Copy it anew; the lines before this one can be read alone: head -n {Math.Max(line - 1, 1)}");
}
