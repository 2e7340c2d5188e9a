using System.CommandLine;
using DynamicToolset.Bench;

// A further bench is a further command.
return await new RootCommand("Measures the service. Nothing here decides whether a change is right: tests do.") { QuickCommand.Create(), DetectionCommand.Create() }
    .Parse(args)
    .InvokeAsync();
