using System.Collections.Immutable;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Cli;

/// <summary>In real shells, each with the script where <c>make install</c> puts it.</summary>
public sealed class ShellCompletionTests : IAsyncLifetime
{
    /// <summary>What is typed behind the name of the program, and what all that can be meant by its last word makes of it.</summary>
    private static readonly ImmutableArray<(string Typed, string Completed)> AtAnyTerminal =
    [
        ("gen", "generate "),
        ("help va", "help validate "),
        ("generat ", "generat "),
        ("generate --over", "generate --overrides --overrides-dir "),
        ("generate -o ", "generate -o json yaml "),
        ("generate -o=j", "generate -o=json "),
        ("--log-level d", "--log-level debug "),
        ("--log-level=d", "--log-level=debug "),
        ("--otel-exporter-otlp-protocol=http", "--otel-exporter-otlp-protocol=http/protobuf "),
        ("status --url http://a:80/ --tok", "status --url http://a:80/ --token-file "),
        ("generate -f a\\ file.yaml -f \"x y\" --ov", "generate -f a\\ file.yaml -f \"x y\" --overrides --overrides-dir "),
        ("generate -f $(touch pwned) --prob", "generate -f $(touch pwned) --probe "),
        ("generate -f ru", "generate -f rules.yaml "),
        ("generate -f a", "generate -f a\\ file.yaml "),
        ("generate -f \"a f", "generate -f \"a file.yaml\" "),
        ("generate --filename=a\\ f", "generate --filename=a\\ file.yaml "),
        ("explain ru", "explain ru"),
        ("run > ru", "run > rules.yaml "),
    ];

    private readonly TestFolder _home = new();

    public async ValueTask InitializeAsync()
    {
        (int exitCode, string _, string error) = await BuiltProgram.RunAsync(
            "make",
            [],
            ["--silent", "-C", RepositoryRoot.Path, "--old-file=publish", "install", $"BINARY={BuiltProgram.BuiltPath}", $"DESTDIR={_home.Path}", "PREFIX=/usr"]);
        Assert.True(exitCode == 0, error);
        _home.Write("a file.yaml", "");
        _home.Write("rules.yaml", "");
    }

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return default;
    }

    [Theory]
    [InlineData("bash", "bash-completion/completions/dynamic-toolset")]
    [InlineData("zsh", "zsh/site-functions/_dynamic-toolset")]
    [InlineData("fish", "fish/vendor_completions.d/dynamic-toolset.fish")]
    public async Task The_script_that_is_installed_is_the_one_that_is_printed(string shell, string path) => Assert.Equal(
        (0, await File.ReadAllTextAsync(Installed(path), TestContext.Current.CancellationToken), ""), await BuiltProgram.RunAsync([], "completion", shell));

    [Fact]
    public async Task Bash_completes()
    {
        _home.Write(
            "rc",
            $$"""
            set -u
            source '{{Installed("bash-completion/completions/dynamic-toolset")}}'
            printed() { printf '[%s]' "$READLINE_LINE"; READLINE_LINE=; }
            bind -x '"\C-x\C-p": printed'
            bind '"\C-x\C-e": insert-completions'
            PS1='{ready}'
            """);
        await ExpectAsync(
            $"bash --rcfile '{_home.Path}/rc' -i",
            [
                .. AtAnyTerminal,
                ("--log-level=", "--log-level=debug error info warn "),
                ("--log-level=\"de", "--log-level=debug "),
                ("generate -o \"js", "generate -o json "),
                ("diff --probbe\x02\x02", "diff --probe be"),
            ]);
    }

    [Fact]
    public async Task Zsh_completes()
    {
        _home.Write(
            ".zshrc",
            $$"""
            fpath=('{{Installed("zsh/site-functions")}}' $fpath)
            autoload -U compinit; compinit -u -D
            zle -C insert-all complete-word _generic
            zstyle ':completion:insert-all::::' completer _all_matches _complete
            zstyle ':completion:insert-all:*' insert true
            printed() { print -rn -- "[$BUFFER]"; BUFFER= }
            zle -N printed; bindkey -e; bindkey '^X^P' printed; bindkey '^X^E' insert-all
            setopt complete_in_word; unsetopt beep
            PS1='{ready}'
            """);
        await ExpectAsync(
            "zsh -o no_global_rcs -i",
            [
                .. AtAnyTerminal,
                ("--log-level=", "--log-level=debug --log-level=error --log-level=info --log-level=warn "),
                ("--log-level=\"de", "--log-level=debug "),
                ("generate -o \"js", "generate -o \"json\" "),
            ]);
    }

    /// <summary>It tells candidates by itself.</summary>
    [Theory]
    [InlineData("gen", "generate\tprint the ConfigMap that the service would write, without writing it")]
    [InlineData("generate -o ", "json", "yaml")]
    [InlineData("generate -o \"js", "json")]
    [InlineData("--log-level=d", "--log-level=debug")]
    [InlineData("generate -f \"x y\" -f (touch pwned) --prob", "--probe\tCheck the endpoints; without it each counts as healthy.")]
    [InlineData("generate -f ru", "rules.yaml")]
    [InlineData("generate --filename=a\\ f", "--filename=a file.yaml")]
    [InlineData("generat ")]
    [InlineData("explain ru")]
    public async Task Fish_completes(string typed, params string[] candidates)
    {
        (int _, string output, string error) = await BuiltProgram.RunAsync(
            InstalledProgram.Find("fish"),
            [
                ("PATH", $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}"),
                ("HOME", _home.Path),
                ("XDG_DATA_DIRS", Installed("")),
            ],
            ["-c", "cd $HOME; complete -C $argv[1]", "--", $"dynamic-toolset {typed}"]);
        Assert.Equal((string.Concat(candidates.Select(c => $"{c}\n")), ""), (output, error));
        Assert.False(File.Exists(Path.Combine(_home.Path, "pwned")));
    }

    private async Task ExpectAsync(string shell, IReadOnlyList<(string Typed, string Completed)> lines)
    {
        await using ShellSession session = await ShellSession.StartAsync(shell, _home.Path);
        var seen = new List<(string Typed, string Completed)>();
        foreach ((string typed, string _) in lines)
            seen.Add((typed, (await session.CompletedAsync($"dynamic-toolset {typed}")).Replace("dynamic-toolset ", "", StringComparison.Ordinal)));
        Assert.Equal(lines, seen);
        Assert.False(File.Exists(Path.Combine(_home.Path, "pwned")), "what stands in the line was run");
    }

    private string Installed(string path) => Path.Combine(_home.Path, "usr/share", path);
}
