using System.CommandLine;
using DynamicToolset.Messages;

namespace DynamicToolset.Service.Cli;

/// <content>This command reads no settings: a journal has those that it was recorded with.</content>
internal sealed partial class CommandLine
{
    private static Command Replay()
    {
        var file = new Argument<string?>("file") { Arity = ArgumentArity.ZeroOrOne, CompletionSources = { Completions.Files } };
        var round = new Option<long?>("--round");
        var explain = new Option<string>("--explain");
        Option<string> output = Choice("--output", "-o", "text", "json", "raw");
        var command = new Command("replay") { file, round, explain, output };
        Check(command, result =>
        {
            if (result.GetValue(file) is null)
                result.AddError("name a file of JOURNAL_DIR, or that directory");
            else if (result.GetValue(explain) is { } service && ServiceOf(service) is null)
                result.AddError($"--explain takes NAMESPACE/NAME, not {QuotedText.Of(service)}");
        });
        command.SetAction((given, _) => ReplayCommand.ExecuteAsync(
            new ReplayRequest(given.GetValue(file)!, given.GetValue(round), ServiceOf(given.GetValue(explain)), IsJson(given))
            {
                IsRaw = given.GetValue(output) == "raw",
            }));
        return command;
    }
}
