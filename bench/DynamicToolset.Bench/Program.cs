using System.CommandLine;
using DynamicToolset.Bench;

// A further bench is a further command.
var root = new RootCommand("Measures the service. Nothing here decides whether a change is right: tests do.")
{
    TableCommand.Create(),
    SoakCommand.Create(),
    AttackCommand.Create(),
    ApiCommand.Create(),
    FailoverCommand.Create(),
    ChurnSoakCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
