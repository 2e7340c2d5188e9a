using System.Collections.Immutable;
using System.Text.Json;
using DynamicToolset.Manifests;
using DynamicToolset.Rules;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Options;
using DynamicToolset.Validation;

namespace DynamicToolset.Service.Cli;

/// <summary>Checks detector rules and overrides before they are given to the service, and toolsets before they are given to HolmesGPT.</summary>
internal static class ValidateCommand
{
    /// <returns>0 where all is fine; 1 where there is a problem; 2 where a file cannot be read.</returns>
    public static async Task<int> ExecuteAsync(ValidateRequest request, TextWriter output, TextWriter error, CancellationToken stop)
    {
        try
        {
            FileCheck check = Check(await ReadAsync(request.Files, stop), request.Holmes);
            await output.WriteAsync(request.Output == OutputFormat.Json ? Json(check) : Table(check));
            if (request.Output != OutputFormat.Json)
                await error.WriteAsync(string.Concat(check.Problems.Select(p => $"{p}\n")));
            return check.Problems.IsEmpty ? ExitCode.Success : ExitCode.No;
        }
        catch (InputException e)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCode.Usage;
        }
        catch (Exception e) when (OutputFailure.IsOne(e))
        {
            await error.WriteLineAsync($"dynamic-toolset validate: cannot write to standard output: {e.Message}");
            return ExitCode.Usage;
        }
    }

    private static FileCheck Check(ImmutableArray<RuleFile> files, Settings? holmes) =>
        holmes is null ? FileCheck.Of(files) : FileCheck.OfHolmes(files, holmes.HolmesTarget, holmes.HolmesBaseToolsets);

    private static async Task<ImmutableArray<RuleFile>> ReadAsync(ImmutableArray<string> paths, CancellationToken stop)
    {
        var files = ImmutableArray.CreateBuilder<RuleFile>();
        foreach (string path in paths.SelectMany(p => Directory.Exists(p) ? FilesIn(p) : [p]).Distinct())
        {
            ManifestFile file = await ManifestFile.ReadAsync(path, stop);
            files.Add(new RuleFile(file.Name, file.Text));
        }

        return files.ToImmutable();
    }

    /// <summary>Those that the service would read.</summary>
    private static ImmutableArray<string> FilesIn(string directory)
    {
        try
        {
            ImmutableArray<string> files = [.. RuleDirectory.FilesIn(directory)];
            return files.IsEmpty ? throw new InputException($"{directory}: there is no .yaml or .yml file in it") : files;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{directory}: cannot be read: {e.Message}");
        }
    }

    private static string Table(FileCheck check) => string.Concat(check.Files.Where(f => f.IsValid).Select(f => $"{f.Name}: {Describe(f)}\n"));

    private static string Describe(CheckedFile file) => (file.Kind, file.Entries) switch
    {
        (FileKind.DetectorRules, 1) => "1 detector rule",
        (FileKind.DetectorRules, _) => $"{file.Entries} detector rules",
        (FileKind.HolmesToolsets, 1) => "1 entry for HolmesGPT",
        (FileKind.HolmesToolsets, _) => $"{file.Entries} entries for HolmesGPT",
        (_, 1) => "overrides of 1 toolset",
        _ => $"overrides of {file.Entries} toolsets",
    };

    /// <summary><c>{"files":[{"file","kind","entries","valid"}],"problems":[{"file","line","column","message"}]}</c>; kind is null where it is no YAML.</summary>
    private static string Json(FileCheck check) => PrintedJson.Of(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("files");
        foreach (CheckedFile file in check.Files)
            Write(json, file);
        json.WriteEndArray();
        json.WriteStartArray("problems");
        foreach (RuleProblem problem in check.Problems)
            Write(json, problem);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, CheckedFile file)
    {
        json.WriteStartObject();
        json.WriteString("file", file.Name);
        json.WriteString("kind", file.Kind switch
        {
            FileKind.DetectorRules => "rules",
            FileKind.Overrides => "overrides",
            FileKind.HolmesToolsets => "holmes",
            _ => null,
        });
        json.WriteNumber("entries", file.Entries);
        json.WriteBoolean("valid", file.IsValid);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RuleProblem problem)
    {
        json.WriteStartObject();
        json.WriteString("file", problem.File);
        json.WriteNumber("line", problem.Position.Line);
        json.WriteNumber("column", problem.Position.Column);
        json.WriteString("message", problem.Message);
        json.WriteEndObject();
    }
}
