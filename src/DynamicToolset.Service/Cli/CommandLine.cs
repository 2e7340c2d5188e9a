using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;
using DynamicToolset.Service.Input;
using DynamicToolset.Service.Observability;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>Turns arguments into requests and requests into exit codes.</summary>
internal sealed partial class CommandLine
{
    private const string DefaultCommand = "run";

    private readonly Func<string, string?> _environment;
    private readonly SettingsFlags _flags = new();
    private readonly Option<bool> _printConfig = new("--print-config");
    private readonly Option<bool> _dryRun = new("--dry-run");
    private readonly Option<bool> _yes = new("--yes");
    private readonly Option<string[]> _files = new("--filename", "-f") { Arity = ArgumentArity.OneOrMore, CompletionSources = { Completions.Files } };
    private readonly Option<string> _configMap = new("--configmap") { CompletionSources = { Completions.Files } };
    private readonly Option<bool> _recursive = new("--recursive", "-R");
    private readonly Option<string> _namespace = new("--namespace", "-n");
    private readonly Option<string> _url = new("--url");
    private readonly Option<string> _tokenFile = new("--token-file") { CompletionSources = { Completions.Files } };
    private readonly Option<bool> _watch = new("--watch", "-w");
    private readonly Option<bool> _once = new("--once");
    private readonly Option<string[]> _overrides = new("--overrides") { Arity = ArgumentArity.OneOrMore, CompletionSources = { Completions.Files } };
    private readonly Option<bool> _probe = new("--probe");
    private readonly Option<bool> _all = new("--all");
    private readonly Argument<string?> _service = new("service") { Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _holmes = new("--holmes");
    private readonly Argument<string[]> _checked = new("file") { Arity = ArgumentArity.ZeroOrMore, CompletionSources = { Completions.Files } };
    private readonly Option<string> _tableOrJson = Choice("--output", "-o", "table", "json");
    private readonly Option<string> _textOrJson = Choice("--output", "-o", "text", "json");
    private readonly Option<string> _yamlOrJson = Choice("--output", "-o", "yaml", "json");
    private readonly RootCommand _root = new();

    public CommandLine(Func<string, string?> environment)
    {
        _environment = environment;
        _root.Options.Clear();
        _root.Directives.Clear();
        _root.Add(new Option<bool>("--help", "-h") { Recursive = true, Arity = ArgumentArity.Zero });
        _root.Add(Run());
        _root.Add(Sandbox());
        _root.Add(Generate());
        _root.Add(Diff());
        _root.Add(Explain());
        _root.Add(Status());
        _root.Add(Validate());
        _root.Add(Replay());
        _root.Add(Version());
        _root.Add(CompletionCommand.Create());
    }

    /// <summary>The exit code. Exceptions of a command pass through.</summary>
    public async Task<int> InvokeAsync(string[] arguments, CancellationToken stop)
    {
        if (arguments is [Completions.Asked, .. var words])
            return await PrintAsync(Complete(words));
        ParseResult parsed = Parse(Arrange(arguments));
        string command = parsed.CommandResult.Command.Name;
        if (parsed.GetValue<bool>("--help"))
            return await PrintAsync(HelpPage.Of(command));
        if (UsageErrors.Of(parsed) is { } problem)
            return await RefuseAsync([problem]);
        return await parsed.InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
            stop);
    }

    private ParseResult Parse(string[] arguments) =>
        _root.Parse(arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

    /// <summary>What a shell may offer in place of the last word, see <see cref="Completions"/>. Neither settings nor files are read.</summary>
    public string Complete(params string[] words)
    {
        string[] line = words is ["help", _, ..] ? words[1..] : Arrange(words);
        return Completions.Of(Parse(line[..^1]), line[^1]);
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

    private Command Run() => WithSettings(
        new(DefaultCommand) { _dryRun, _yes, _tableOrJson },
        SettingsProfile.Service,
        (given, settings, stop) => RunCommand.ExecuteAsync(new RunRequest(settings, given.GetValue(_dryRun), given.GetValue(_yes)), stop));

    private Command Sandbox()
    {
        Command command = WithSettings(
            new("sandbox") { _once, _files, _recursive, _tableOrJson },
            SettingsProfile.Sandbox,
            (given, settings, stop) => SandboxCommand.ExecuteAsync(new SandboxRequest(settings, given.GetValue(_once), FilesOf(given)), stop));
        Check(command, RefuseSecondRead);
        return command;
    }

    private Command Generate() => WithFiles(WithSettings(
        new("generate") { _files, _recursive, _namespace, _overrides, _probe, _yamlOrJson },
        SettingsProfile.Generate,
        (given, settings, stop) => GenerateCommand.ExecuteAsync(
            new GenerateRequest(settings, FilesOf(given), NamespaceOf(given), OverridesOf(given), given.GetValue(_probe), IsJson(given)), stop)));

    private Command Diff() => WithFiles(WithSettings(
        new("diff") { _files, _recursive, _namespace, _configMap, _overrides, _probe, _textOrJson },
        SettingsProfile.Generate,
        (given, settings, stop) => DiffCommand.ExecuteAsync(
            new DiffRequest(
                settings, FilesOf(given), NamespaceOf(given), given.GetValue(_configMap) ?? "", OverridesOf(given), given.GetValue(_probe), IsJson(given)),
            stop)));

    private Command Explain()
    {
        Command command = WithFiles(WithSettings(
            new("explain") { _service, _all, _files, _recursive, _namespace, _overrides, _probe, _tableOrJson },
            SettingsProfile.Generate,
            (given, settings, stop) => ExplainCommand.ExecuteAsync(
                new ExplainRequest(
                    settings,
                    ServiceOf(given.GetValue(_service)),
                    FilesOf(given),
                    NamespaceOf(given),
                    OverridesOf(given),
                    given.GetValue(_probe),
                    IsJson(given)),
                stop)));
        Check(command, result =>
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
        return command;
    }

    private Command Status()
    {
        Command command = WithSettings(
            new("status") { _url, _tokenFile, _watch, _tableOrJson },
            SettingsProfile.Generate,
            (given, settings, stop) => StatusCommand.ExecuteAsync(
                new StatusRequest(settings, UrlOf(given.GetValue(_url)), given.GetValue(_tokenFile) ?? "", given.GetValue(_watch), IsJson(given)), stop));
        Check(command, result =>
        {
            if (result.GetValue(_url) is { } url && UrlOf(url) is null)
                result.AddError($"--url takes a URL such as http://localhost:8080, not {QuotedText.Of(url)}");
            else if (result.GetValue(_url) is null && result.GetValue(_tokenFile) is not null)
                result.AddError("--token-file has an effect only with --url");
        });
        return command;
    }

    /// <summary>Null where the text is no URL of a server, or says more than where that is.</summary>
    private static Uri? UrlOf(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url is { Query: "", Fragment: "", UserInfo: "" }
            ? new Uri($"{url.AbsoluteUri.TrimEnd('/')}/")
            : null;

    /// <summary>Null where the text is not of the form NAMESPACE/NAME, of DNS labels.</summary>
    private static ObjectKey? ServiceOf(string? text) =>
        text?.Split('/') is [var ns, var name] && DnsName.IsLabel(ns) && DnsName.IsLabel(name) ? new ObjectKey(ns, name) : null;

    private Command Validate()
    {
        var command = new Command("validate") { _checked, _holmes, _tableOrJson };
        _flags.AddTo(command, "CONFIG_FILE", "HOLMES_TARGET", "HOLMES_BASE_TOOLSETS");
        Check(command, result =>
        {
            if (result.GetValue(_checked) is null or [])
                result.AddError("a file is missing, or a directory, or - for standard input");
            else if (!result.GetValue(_holmes) && SettingIn(result) is { } setting)
                result.AddError($"{setting} has an effect only with --holmes");
        });
        command.SetAction((given, stop) =>
        {
            var request = new ValidateRequest([.. given.GetValue(_checked)!], IsJson(given));
            // Rules and overrides depend on no setting, and a bad one must not be in their way.
            return !given.GetValue(_holmes)
                ? ValidateCommand.ExecuteAsync(request, stop)
                : WithSettingsAsync(given, SettingsProfile.Generate, settings =>
                     ValidateCommand.ExecuteAsync(request with { Holmes = settings }, stop));
        });
        return command;
    }

    /// <summary>The first flag of a setting that is given; null if there is none.</summary>
    private static string? SettingIn(CommandResult result) => result.Children
        .OfType<OptionResult>()
        .Select(o => o.Option.Name)
        .FirstOrDefault(name => name == "--config" || name.StartsWith("--holmes-", StringComparison.Ordinal));

    private Command Version()
    {
        var command = new Command("version") { _tableOrJson };
        command.SetAction((given, _) => PrintAsync(
            IsJson(given) ? VersionCommand.Json(BuildInfo.Current) : VersionCommand.Line(BuildInfo.Current)));
        return command;
    }

    /// <summary>Adds the flags of all settings, and <c>--print-config</c>.</summary>
    private Command WithSettings(
        Command command, SettingsProfile profile, Func<ParseResult, Settings, CancellationToken, Task<int>> execute)
    {
        command.Add(_printConfig);
        _flags.AddTo(command);
        command.SetAction((given, stop) => WithSettingsAsync(given, profile, settings => execute(given, settings, stop)));
        return command;
    }

    private async Task<int> WithSettingsAsync(ParseResult given, SettingsProfile profile, Func<Settings, Task<int>> execute)
    {
        var reading = SettingsReading.Of(profile, _flags.Read(given), _environment);
        if (reading.Settings is null)
            return await RefuseAsync(reading.Problems);
        if (!given.GetValue(_printConfig))
            return await execute(reading.Settings);
        return await PrintAsync(IsJson(given) ? SettingsListing.Json(reading.Effective) : SettingsListing.Table(reading.Effective));
    }

    /// <summary>What concerns several arguments is looked at when each has its values: else that is wrong, and their values cannot be had.</summary>
    private static void Check(Command command, Action<CommandResult> check) => command.Validators.Add(result =>
    {
        if (result.Children.OfType<OptionResult>().All(HasItsValues))
            check(result);
    });

    private static bool HasItsValues(OptionResult given) =>
        given.Implicit
        || (given.Tokens.Count >= given.Option.Arity.MinimumNumberOfValues && given.Tokens.Count <= given.Option.Arity.MaximumNumberOfValues);

    /// <summary>What is read once is empty the second time.</summary>
    private void RefuseSecondRead(CommandResult result)
    {
        int reads = new[] { result.GetValue(_files), result.GetValue(_overrides), [result.GetValue(_configMap) ?? ""] }
            .SelectMany(paths => paths ?? [])
            .Count(path => path is ManifestReading.StandardInput or "/dev/stdin");
        if (reads > 1)
            result.AddError("standard input can be read only once: save it to a file, and use that for the other flag");
    }

    /// <summary>Refuses what means something only of manifests, where there are none.</summary>
    private Command WithFiles(Command command)
    {
        Check(command, RefuseSecondRead);
        Check(command, result =>
        {
            string? ns = result.GetValue(_namespace);
            if (ns is not null && !DnsName.IsLabel(ns))
                result.AddError($"--namespace takes the name of a namespace, not {QuotedText.Of(ns)}");
            else if (ns is not null && result.GetValue(_files) is null or [])
                result.AddError("--namespace has an effect only with -f, for Services without a namespace; for a cluster use NAMESPACES");
        });
        return command;
    }

    private ManifestPaths FilesOf(ParseResult given) => new([.. given.GetValue(_files) ?? []], given.GetValue(_recursive));

    private string NamespaceOf(ParseResult given) => given.GetValue(_namespace) ?? "default";

    private GivenOverrides OverridesOf(ParseResult given) => new([.. given.GetValue(_overrides) ?? []]);

    private static bool IsJson(ParseResult given) => given.GetValue<string>("--output") == "json";

    private static Task<int> PrintAsync(string text) => PrintedAnswer.OfAsync("dynamic-toolset", () => Task.FromResult((text, ExitCode.Success)));

    private static async Task<int> RefuseAsync(ImmutableArray<string> problems)
    {
        foreach (string problem in problems)
            await Console.Error.WriteLineAsync(problem);
        return ExitCode.Usage;
    }

    private static Option<string> Choice(string name, string alias, params string[] words)
    {
        var option = new Option<string>(name, alias) { CompletionSources = { words } };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !words.Contains(token.Value))
                result.AddError($"{name} takes {string.Join(" or ", words)}, not {token.Value}");
        });
        return option;
    }
}
