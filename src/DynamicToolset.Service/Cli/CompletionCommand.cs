using System.Collections.Immutable;
using System.CommandLine;
using System.Reflection;
using DynamicToolset.Messages;

namespace DynamicToolset.Service.Cli;

/// <summary>Prints the script by which a shell asks for <see cref="Completions"/>. <c>make install</c> copies the same files.</summary>
internal static class CompletionCommand
{
    private static readonly ImmutableArray<string> Shells = ["bash", "zsh", "fish"];

    public static Command Create()
    {
        var shell = new Argument<string?>("shell") { Arity = ArgumentArity.ZeroOrOne, CompletionSources = { Shells.ToArray() } };
        var command = new Command("completion") { shell };
        command.Validators.Add(result =>
        {
            string? given = result.GetValue(shell);
            if (given is null)
                result.AddError("the name of a shell is missing: bash, zsh or fish");
            else if (!Shells.Contains(given))
                result.AddError($"there is a script for bash, zsh and fish, not for {QuotedText.OrPlain(given)}");
        });
        command.SetAction((given, _) => PrintedAnswer.OfAsync(
            "dynamic-toolset completion", () => Task.FromResult((Script(given.GetValue(shell)!), ExitCode.Success))));
        return command;
    }

    private static string Script(string shell)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"completion/dynamic-toolset.{shell}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
