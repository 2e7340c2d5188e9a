using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Manifests;
using DynamicToolset.Messages;
using DynamicToolset.Rules;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.MountedFiles;
using DynamicToolset.Service.Options;
using DynamicToolset.Validation;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>validate</c> was asked to do.</summary>
/// <param name="Files">Files and directories, <c>-</c> for standard input; at least one.</param>
/// <param name="Holmes">What a file for HolmesGPT is checked by; null where the files are rules and overrides.</param>
internal sealed record ValidateRequest(ImmutableArray<string> Files, bool IsJson, Settings? Holmes = null);

/// <summary>Checks detector rules and overrides before the service gets them, and toolsets before HolmesGPT does.</summary>
internal static class ValidateCommand
{
    /// <returns>0 where all is fine, warnings or not; 1 where there is a problem; 2 where a file cannot be read, and the others are checked.</returns>
    public static Task<int> ExecuteAsync(ValidateRequest request, CancellationToken stop) =>
        PrintedAnswer.OfAsync("dynamic-toolset validate", () => ValidateAsync(request, stop));

    private static async Task<(string Text, int ExitCode)> ValidateAsync(ValidateRequest request, CancellationToken stop)
    {
        GivenFiles given = await ReadAsync(request.Files, stop);
        FileCheck check = Check([.. given.Files.Select(f => new RuleFile(f.Name, f.Text))], request.Holmes);
        if (!request.IsJson)
        {
            IEnumerable<string> lines =
            [
                .. ProblemLines.Of(given.Unreadable.Select(u => u.ToString())),
                .. ProblemLines.Of(check.Problems.Select(p => p.ToString())),
                .. ProblemLines.Of(check.Warnings.Select(Warning)),
            ];
            await Console.Error.WriteAsync(string.Concat(lines.Select(line => $"{line}\n")));
        }

        return (request.IsJson ? Json(check, given.Unreadable) : Table(check), OutcomeOf(given, check));
    }

    private static int OutcomeOf(GivenFiles given, FileCheck check)
    {
        if (given.Unreadable.Count > 0)
            return ExitCode.Usage;
        return check.Problems.IsEmpty ? ExitCode.Success : ExitCode.No;
    }

    private static string Warning(RuleProblem warning) => $"{warning.File}:{warning.Position}: warning: {warning.Message}";

    private static FileCheck Check(ImmutableArray<RuleFile> files, Settings? holmes) =>
        holmes is null ? FileCheck.Of(files) : FileCheck.OfHolmes(files, holmes.HolmesTarget, holmes.HolmesBaseToolsets);

    private static Task<GivenFiles> ReadAsync(ImmutableArray<string> paths, CancellationToken stop)
    {
        IEnumerable<ManifestPath> files = paths
            .SelectMany(p => Directory.Exists(p) ? MountedDirectory.FilesInGiven(p, RuleSource.Bounds.MostFiles) : [new ManifestPath(p, IsFound: false)])
            .DistinctBy(f => f.Path);
        return ManifestFile.ReadEachAsync(files, FileBounds.Checked, stop);
    }

    private static string Table(FileCheck check) =>
        string.Concat(check.Files.Where(f => f.IsValid).Select(f => $"{QuotedText.OnOneLine(f.Name, int.MaxValue)}: fine, {Describe(f)}\n"));

    private static string Describe(CheckedFile file) => (file.Kind, file.Entries) switch
    {
        (FileKind.DetectorRules, 1) => "1 detector rule",
        (FileKind.DetectorRules, _) => $"{file.Entries} detector rules",
        (FileKind.HolmesToolsets, 1) => "1 entry for HolmesGPT",
        (FileKind.HolmesToolsets, _) => $"{file.Entries} entries for HolmesGPT",
        (_, 1) => "overrides of 1 toolset",
        _ => $"overrides of {file.Entries} toolsets",
    };

    /// <summary>
    /// <c>{"files":[{"file","kind","entries","valid"}],"problems":[{"file","line","column","message"}],"warnings":[…]}</c>;
    /// kind is null where it is no YAML or cannot be read, which is a problem without line and column.
    /// </summary>
    private static string Json(FileCheck check, List<UnreadableFile> unreadable) => PrintedJson.Of(new JsonObject
    {
        ["files"] = new JsonArray(
        [
            .. check.Files.Select(f => Json(f)),
            .. unreadable.Select(u => Json(new CheckedFile(u.Name, FileKind.Unknown, 0, IsValid: false))),
        ]),
        ["problems"] = new JsonArray(
        [
            .. check.Problems.Select(p => Json(p)),
            .. unreadable.Select(u => new JsonObject { ["file"] = u.Name, ["line"] = u.Place?.Line, ["column"] = u.Place?.Column, ["message"] = u.Why }),
        ]),
        ["warnings"] = new JsonArray([.. check.Warnings.Select(w => Json(w))]),
    });

    private static JsonObject Json(CheckedFile file) => new()
    {
        ["file"] = file.Name,
        ["kind"] = NameOf(file.Kind),
        ["entries"] = file.Entries,
        ["valid"] = file.IsValid,
    };

    private static JsonObject Json(RuleProblem problem) => new()
    {
        ["file"] = problem.File,
        ["line"] = problem.Position.Line,
        ["column"] = problem.Position.Column,
        ["message"] = problem.Message,
    };

    private static string? NameOf(FileKind kind) => kind switch
    {
        FileKind.DetectorRules => "rules",
        FileKind.Overrides => "overrides",
        FileKind.HolmesToolsets => "holmes",
        _ => null,
    };
}
