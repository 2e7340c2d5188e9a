using System.Collections.Immutable;
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
using DynamicToolset.Yaml;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>replay</c> was asked to do.</summary>
/// <param name="File">Or a directory, which stands for its newest file.</param>
/// <param name="Round">The one to show; null for all.</param>
/// <param name="Service">The one to explain as of that round, or the last; null for none.</param>
internal sealed record ReplayRequest(string File, long? Round, ObjectKey? Service, bool IsJson)
{
    /// <summary>Prints the file unchanged: the image has no other program that could copy it.</summary>
    public bool IsRaw { get; init; }
}

/// <summary>Decides the rounds of a journal again, and says why.</summary>
internal static class ReplayCommand
{
    /// <returns>0 if each round is decided as it was recorded, 1 if one is not, 2 if the file cannot be read.</returns>
    public static Task<int> ExecuteAsync(ReplayRequest request) => PrintedAnswer.OfAsync("dynamic-toolset replay", async () =>
    {
        ReplayRequest named = Directory.Exists(request.File) ? request with { File = await NewestAsync(request.File) } : request;
        if (!named.IsRaw)
            return Execute(named);
        await CopyAsync(named.File);
        return ("", ExitCode.Success);
    });

    /// <summary>Piece by piece: in the pod there is no room for all of it next to the service.</summary>
    private static async Task CopyAsync(string file)
    {
        FileStream from;
        try
        {
            from = File.OpenRead(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{file} {InputFile.WhyUnreadable(e, file)}");
        }

        await using Stream to = Console.OpenStandardOutput();
        await using (from)
            await from.CopyToAsync(to);
    }

    /// <exception cref="InputException">There is none.</exception>
    private static async Task<string> NewestAsync(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, JournalFiles.Pattern).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            throw new InputException($"{folder}: no file {JournalFiles.Pattern} in it: name the directory that JOURNAL_DIR names, or one of its files");
        string others = files.Length == 1 ? "" : $" is the newest; the others are {string.Join(", ", files[..^1])}";
        await Console.Error.WriteLineAsync($"{files[^1]}{others}");
        return files[^1];
    }

    private static (string Text, int ExitCode) Execute(ReplayRequest request)
    {
        RecordedFile file = Read(request.File);
        ImmutableArray<ReplayedRound> shown = request.Round is { } number ? [.. file.Rounds.Where(r => r.Number == number)] : file.Rounds;
        if (shown.IsEmpty)
            throw new InputException($"{request.File}: no round{(request.Round is { } asked ? $" {asked}" : "")} in it{WhatIsIn(file)}");
        int exitCode = file.Rounds.All(r => r.Differences.IsEmpty) ? ExitCode.Success : ExitCode.No;
        if (request.Service is not { } service)
            return (request.IsJson ? PrintedJson.Of(ReplayText.Json(file, shown)) : ReplayText.Of(file, shown), exitCode);
        (string text, ExplainedServices json) = Explain(file, shown[^1], service, request.File);
        return (request.IsJson ? json.ToJson() : $"As of round {shown[^1].Number}, {ReplayText.Time(shown[^1])}:\n{text}", exitCode);
    }

    private static string WhatIsIn(RecordedFile file) => file.Rounds.IsEmpty
        ? ""
        : $": the rounds are {file.Rounds[0].Number} to {file.Rounds[^1].Number}, without those in which nothing changed";

    private static (string Text, ExplainedServices Json) Explain(RecordedFile file, ReplayedRound round, ObjectKey service, string path)
    {
        var view = new ApiView(round.State, rules => file.Options.Pipeline with { Rules = rules });
        return view.Explained(service) is var (explanation, health)
            ? (ExplanationText.Of(explanation, health), ExplainedServices.Of([explanation], health))
            : throw new InputException($"{path}: no Service {service} in round {round.Number}");
    }

    /// <exception cref="InputException">It cannot be read, or is not a journal.</exception>
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
/// <param name="CutOff">The number of the last line if it has no end; null if it has.</param>
internal sealed record RecordedFile(RoundOptions Options, string? Difference, ImmutableArray<ReplayedRound> Rounds, int? CutOff)
{
    /// <summary>Overrides may be nested as deeply as YAML is read, and stand a few levels below a line.</summary>
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = YamlReader.DeepestNesting + 16 };

    /// <summary>Some values are placeholders, so the texts are not those that were written.</summary>
    public bool HasPlaceholders { get; init; }

    /// <exception cref="InputException">It is not a journal.</exception>
    public static RecordedFile Read(string path, ReadOnlyMemory<byte> bytes)
    {
        JournalHeader? header = null;
        Replay? replay = null;
        bool hasPlaceholders = bytes.Span.IndexOf("redacted-"u8) >= 0;
        var rounds = ImmutableArray.CreateBuilder<ReplayedRound>();
        for (int number = 1; !bytes.IsEmpty; number++)
        {
            int end = bytes.Span.IndexOf((byte)'\n');
            // A crash, or a full disk, leaves half a line.
            if (end < 0)
                return header is null ? throw Unreadable(path, number, "the first line has no end") : Of(number);
            ReadOnlyMemory<byte> line = bytes[..end];
            bytes = bytes[(end + 1)..];
            try
            {
                using var json = JsonDocument.Parse(line, Depth);
                if (header is null)
                {
                    header = JournalHeader.Read(json.RootElement);
                    replay = new Replay(OptionsOf(header), isSameProgram: header.Difference is null);
                }
                else if (replay!.Next(json.RootElement) is { } round)
                {
                    if (rounds.Count == FileBounds.Rounds.Most)
                        throw new FormatException($"there are more than {FileBounds.Rounds} in it");
                    rounds.Add(round);
                }
            }
            catch (Exception e) when (e is JsonException or FormatException or ArgumentException or InvalidOperationException or OverflowException)
            {
                throw Unreadable(path, number, e is JsonException ? "not JSON, or nested too deeply" : e.Message);
            }
        }

        return header is null ? throw Unreadable(path, 1, "the file is empty") : Of(null);

        RecordedFile Of(int? cutOff) => new(OptionsOf(header!), header!.Difference, rounds.ToImmutable(), cutOff) { HasPlaceholders = hasPlaceholders };
    }

    private static RoundOptions OptionsOf(JournalHeader header) =>
        Controller.ToRoundOptions(header.Settings, BuiltInRules.All) with { HoldsMassRemoval = header.HoldsMassRemoval };

    private static InputException Unreadable(string path, int line, string why) => new(
        $"{path}:{line}: {why}. Take an unchanged file of JOURNAL_DIR{(line > 2 ? $", or only the lines before this one: head -n {line - 1}" : "")}");
}
