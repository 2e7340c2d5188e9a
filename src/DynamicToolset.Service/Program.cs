using DynamicToolset.Service.Cli;
using DynamicToolset.Service.Hosting;

NativeHeap.Limit();
Console.SetError(new HarmlessWriter(Console.Error));
using var signals = new StopSignals();
bool withStack = InternalError.WantsStack(args, Environment.GetEnvironmentVariable("LOG_LEVEL"));
var commandLine = new CommandLine(Environment.GetEnvironmentVariable);
return await InternalError.GuardAsync(() => commandLine.InvokeAsync(args, signals.Token), () => signals.ExitCode, Console.Error, withStack);
