using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;
using DynamicToolset.Service.Observability;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>Turns arguments into requests and requests into exit codes.</summary>
internal sealed class CommandLine
{
    private const string DefaultCommand = "run";

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly Func<string, string?> _environment;
    private readonly SettingsFlags _flags = new();
    private readonly Option<bool> _printConfig = new("--print-config");
    private readonly Option<string[]> _files = new("--filename", "-f") { Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _once = new("--once");
    private readonly Option<string> _overrides = new("--overrides");
    private readonly Option<bool> _probe = new("--probe");
    private readonly Option<bool> _all = new("--all");
    private readonly Argument<string?> _service = new("service") { Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _holmes = new("--holmes");
    private readonly Argument<string[]> _checked = new("file") { Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> _tableOrJson = Choice("--output", "-o", "table", "json");
    private readonly Option<string> _textOrJson = Choice("--output", "-o", "text", "json");
    private readonly Option<string> _yamlOrJson = Choice("--output", "-o", "yaml", "json");
    private readonly RootCommand _root = new();

    public CommandLine(TextWriter output, TextWriter error, Func<string, string?> environment)
    {
        _output = output;
        _error = error;
        _environment = environment;
        _root.Options.Clear();
        _root.Directives.Clear();
        _root.Add(new Option<bool>("--help", "-h") { Recursive = true, Arity = ArgumentArity.Zero });
        _root.Add(Run());
        _root.Add(Sandbox());
        _root.Add(Generate());
        _root.Add(Diff());
        _root.Add(Explain());
        _root.Add(Validate());
        _root.Add(Version());
        _root.Add(Docs());
    }

    /// <summary>The exit code. Exceptions of a command pass through.</summary>
    public async Task<int> InvokeAsync(string[] arguments, CancellationToken stop)
    {
        ParseResult parsed = _root.Parse(Arrange(arguments), new ParserConfiguration
        {
            EnablePosixBundling = false,
            ResponseFileTokenReplacer = null,
        });
        string command = parsed.CommandResult.Command.Name;
        if (parsed.GetValue<bool>("--help"))
            return await PrintAsync(HelpPage.Of(command));
        if (UsageErrors.Of(parsed) is { } problem)
            return await RefuseAsync([problem]);
        return await parsed.InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
            stop);
    }

    /// <summary>Flags alone belong to the default command; <c>--version</c> and <c>help COMMAND</c> are what people try first.</summary>
    private static string[] Arrange(string[] arguments) => arguments switch
    {
        ["--help" or "-h", ..] => arguments,
        ["help", .. var rest] => [.. rest, "--help"],
        ["--version", .. var rest] => ["version", .. rest],
        [] or [['-', ..], ..] => [DefaultCommand, .. arguments],
        _ => arguments,
    };

    private Command Run()
    {
        var command = new Command(DefaultCommand) { _printConfig, _tableOrJson };
        _flags.AddTo(command);
        command.SetAction((arguments, stop) => WithSettingsAsync(
            arguments,
            SettingsProfile.Service,
            reading => RunCommand.ExecuteAsync(new RunRequest(reading.Settings!, reading.WithoutEffect), stop)));
        return command;
    }

    private Command Sandbox()
    {
        var command = new Command("sandbox") { _once, _files, _printConfig, _tableOrJson };
        _flags.AddTo(command);
        command.SetAction((arguments, stop) => WithSettingsAsync(
            arguments,
            SettingsProfile.Sandbox,
            reading => SandboxCommand.ExecuteAsync(
                new SandboxRequest(reading.Settings!, reading.WithoutEffect, arguments.GetValue(_once), FilesOf(arguments)), stop)));
        return command;
    }

    private Command Generate()
    {
        var command = new Command("generate") { _files, _overrides, _probe, _yamlOrJson, _printConfig };
        _flags.AddTo(command);
        command.SetAction((arguments, stop) => WithSettingsAsync(
            arguments,
            SettingsProfile.Generate,
            reading => GenerateCommand.ExecuteAsync(
                new GenerateRequest(
                    reading.Settings!,
                    FilesOf(arguments),
                    arguments.GetValue(_overrides) ?? "",
                    arguments.GetValue(_probe),
                    arguments.GetValue(_yamlOrJson) == "json" ? OutputFormat.Json : OutputFormat.Yaml),
                stop)));
        return command;
    }

    private Command Diff()
    {
        var command = new Command("diff") { _overrides, _probe, _textOrJson, _printConfig };
        _flags.AddTo(command);
        command.SetAction((arguments, stop) => WithSettingsAsync(
            arguments,
            SettingsProfile.Generate,
            reading => DiffCommand.ExecuteAsync(
                new DiffRequest(
                    reading.Settings!,
                    arguments.GetValue(_overrides) ?? "",
                    arguments.GetValue(_probe),
                    arguments.GetValue(_textOrJson) == "json" ? OutputFormat.Json : OutputFormat.Text),
                stop)));
        return command;
    }

    private Command Explain()
    {
        var command = new Command("explain") { _service, _all, _files, _probe, _tableOrJson, _printConfig };
        _flags.AddTo(command);
        command.Validators.Add(result =>
        {
            string? service = result.GetValue(_service);
            bool isAsked = service is not null || result.GetValue(_all);
            if (result.GetValue(_all) && service is not null)
                result.AddError("NAMESPACE/NAME and --all exclude each other");
            else if (!isAsked && !result.GetValue(_printConfig))
                result.AddError("NAMESPACE/NAME of a Service is missing, or --all");
            else if (service is not null && ServiceOf(service) is null)
                result.AddError($"a Service is named NAMESPACE/NAME, not {QuotedText.Of(service)}");
        });
        command.SetAction((arguments, stop) => WithSettingsAsync(
            arguments,
            SettingsProfile.Generate,
            reading => ExplainCommand.ExecuteAsync(
                new ExplainRequest(
                    reading.Settings!,
                    arguments.GetValue(_service) is { } service ? ServiceOf(service) : null,
                    FilesOf(arguments),
                    arguments.GetValue(_probe),
                    arguments.GetValue(_tableOrJson) == "json" ? OutputFormat.Json : OutputFormat.Table),
                stop)));
        return command;
    }

    /// <summary>Null where the text is not of the form NAMESPACE/NAME, of DNS labels.</summary>
    private static ObjectKey? ServiceOf(string text) =>
        text.Split('/') is [var ns, var name] && DnsName.IsLabel(ns) && DnsName.IsLabel(name) ? new ObjectKey(ns, name) : null;

    private Command Validate()
    {
        var command = new Command("validate") { _checked, _holmes, _tableOrJson };
        _flags.AddTo(command, SettingDefinitions.ConfigFile, SettingDefinitions.HolmesTarget, SettingDefinitions.HolmesBaseToolsets);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_checked) is null or [])
                result.AddError("a file is missing, or a directory, or - for standard input");
            else if (!result.GetValue(_holmes) && SettingIn(result) is { } setting)
                result.AddError($"{setting} means something only beside --holmes");
        });
        command.SetAction((arguments, stop) =>
        {
            var request = new ValidateRequest(
                [.. arguments.GetValue(_checked)!], arguments.GetValue(_tableOrJson) == "json" ? OutputFormat.Json : OutputFormat.Table);
            // Rules and overrides depend on no setting, and a bad one must not be in their way.
            return !arguments.GetValue(_holmes)
                ? ValidateCommand.ExecuteAsync(request, _output, _error, stop)
                : WithSettingsAsync(
                    arguments,
                    SettingsProfile.Generate,
                    reading => ValidateCommand.ExecuteAsync(request with { Holmes = reading.Settings }, _output, _error, stop));
        });
        return command;
    }

    /// <summary>The first flag of a setting that is given; null where there is none.</summary>
    private static string? SettingIn(CommandResult result) => result.Children
        .OfType<OptionResult>()
        .Select(o => o.Option.Name)
        .FirstOrDefault(name => name == "--config" || name.StartsWith("--holmes-", StringComparison.Ordinal));

    private Command Version()
    {
        var command = new Command("version") { _tableOrJson };
        command.SetAction((arguments, _) => PrintAsync(
            arguments.GetValue(_tableOrJson) == "json" ? VersionCommand.Json(BuildInfo.Current) : VersionCommand.Line(BuildInfo.Current)));
        return command;
    }

    /// <summary>For those who build the program: prints a generated page of the documentation.</summary>
    private Command Docs()
    {
        var configuration = new Command("configuration");
        configuration.SetAction((_, _) => PrintAsync(ConfigurationPage.Render()));
        var metrics = new Command("metrics");
        metrics.SetAction((_, _) => PrintAsync(MetricsPage.Render()));
        var holmes = new Command("holmes");
        holmes.SetAction((_, _) => PrintAsync(HolmesPage.Render()));
        return new Command("docs") { configuration, metrics, holmes };
    }

    private async Task<int> WithSettingsAsync(ParseResult arguments, SettingsProfile profile, Func<SettingsReading, Task<int>> execute)
    {
        SettingsReading reading = SettingsSource.Read(profile, _flags.Read(arguments), _environment);
        if (reading.Settings is null)
            return await RefuseAsync(reading.Problems);
        if (!arguments.GetValue(_printConfig))
            return await execute(reading);
        bool isJson = arguments.GetValue<string>("--output") == "json";
        return await PrintAsync(isJson ? SettingsListing.Json(reading.Effective) : SettingsListing.Table(reading.Effective));
    }

    private ImmutableArray<string> FilesOf(ParseResult arguments) => [.. arguments.GetValue(_files) ?? []];

    private async Task<int> PrintAsync(string text)
    {
        try
        {
            await _output.WriteAsync(text);
            return ExitCode.Success;
        }
        catch (Exception e) when (OutputFailure.IsOne(e))
        {
            return await RefuseAsync([$"dynamic-toolset: cannot write to standard output: {e.Message}"]);
        }
    }

    private async Task<int> RefuseAsync(ImmutableArray<string> problems)
    {
        foreach (string problem in problems)
            await _error.WriteLineAsync(problem);
        return ExitCode.Usage;
    }

    private static Option<string> Choice(string name, string alias, string first, string second)
    {
        var option = new Option<string>(name, alias);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && token.Value != first && token.Value != second)
                result.AddError($"{name} takes {first} or {second}, not {token.Value}");
        });
        return option;
    }
}
