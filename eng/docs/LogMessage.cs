using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Service.Hosting;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Docs;

/// <summary>A line that the program may log, as its source declares it.</summary>
/// <param name="Writer">The method that writes it.</param>
internal sealed record LogMessage(MethodInfo Writer, LoggerMessageAttribute Declaration)
{
    private const BindingFlags Methods =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>In the order of their numbers.</summary>
    public static ImmutableArray<LogMessage> All { get; } =
    [
        .. from assembly in (Assembly[])[typeof(KubeApiClient).Assembly, typeof(Controller).Assembly]
           from type in assembly.GetTypes()
           from method in type.GetMethods(Methods)
           let declaration = method.GetCustomAttribute<LoggerMessageAttribute>()
           where declaration is not null
           orderby declaration.EventId
           select new LogMessage(method, declaration),
    ];

    public string Text => Declaration.Message;

    /// <summary>As it stands in the line.</summary>
    public string Level => Declaration.Level switch
    {
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };

    /// <summary>Their names in the line, in its order.</summary>
    public ImmutableArray<string> Fields =>
    [
        .. Writer.GetParameters()
            .Where(p => !p.ParameterType.IsAssignableTo(typeof(ILogger)))
            .Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name!)),
    ];
}
