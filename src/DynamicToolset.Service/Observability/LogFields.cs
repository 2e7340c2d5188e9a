using System.Text;
using System.Text.Json;

namespace DynamicToolset.Service.Observability;

/// <summary>Names of the fields of a log line.</summary>
internal static class LogFields
{
    public const string Timestamp = "timestamp";
    public const string Level = "level";
    public const string Message = "msg";
    public const string Logger = "logger";
    public const string Error = "error";
    public const string Stack = "stack";

    private const string Template = "{OriginalFormat}";
    private const string CollisionPrefix = "field_";

    /// <summary>
    /// The parameters of a message under their names in snake_case. A name that the line itself uses, or that was there
    /// before, gets the prefix <c>field_</c>: no line has a key twice, and nobody can forge a level or a text.
    /// </summary>
    /// <param name="hasException">The line will have the fields of an exception.</param>
    public static IEnumerable<KeyValuePair<string, object?>> Of<TState>(TState state, bool hasException)
    {
        if (state is not IEnumerable<KeyValuePair<string, object?>> parameters)
            yield break;
        HashSet<string> taken = hasException
            ? [Timestamp, Level, Message, Logger, Stack, Error]
            : [Timestamp, Level, Message, Logger, Stack];
        foreach ((string parameter, object? value) in parameters)
        {
            if (parameter == Template)
                continue;
            string name = JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter);
            while (!taken.Add(name))
                name = CollisionPrefix + name;
            yield return KeyValuePair.Create(name, value);
        }
    }

    /// <summary>
    /// The messages of an exception and its causes, outermost first; one that repeats its cause's message is not followed
    /// by it again.
    /// </summary>
    public static string Chain(Exception exception)
    {
        var chain = new StringBuilder(exception.Message);
        for (Exception? cause = exception.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (!chain.ToString().Contains(cause.Message, StringComparison.Ordinal))
                chain.Append(": ").Append(cause.Message);
        }

        return chain.ToString();
    }
}
