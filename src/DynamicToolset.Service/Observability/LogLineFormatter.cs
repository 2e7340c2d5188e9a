using System.Buffers;
using System.Text;
using System.Text.Json;
using DynamicToolset.Messages;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace DynamicToolset.Service.Observability;

/// <summary>
/// One line per message: <c>timestamp</c>, <c>level</c>, <c>msg</c>, then the fields of the message in snake_case, then
/// <c>error</c> where there is an exception. Messages of libraries also carry <c>logger</c>; our own are told apart by their
/// constant text. As text: <c>TIMESTAMP LEVEL msg name=value …</c> with values as in JSON, quotes left out where a word is plain.
/// </summary>
/// <param name="clock">Stamps the lines.</param>
/// <param name="withStacks">Exceptions also give <c>stack</c>.</param>
internal sealed class LogLineFormatter(string name, TimeProvider clock, bool withStacks) : ConsoleFormatter(name)
{
    public const string Json = "dynamic-toolset-json";
    public const string Text = "dynamic-toolset-text";

    private const string OwnCategories = "DynamicToolset";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string message = logEntry.Formatter?.Invoke(logEntry.State, null) ?? "";
        string level = NameOf(logEntry.LogLevel);
        string timestamp = LogValue.Format(clock.GetUtcNow());
        IEnumerable<KeyValuePair<string, object?>> fields = FieldsOf(logEntry);
        textWriter.Write(Name == Json ? JsonLine(timestamp, level, message, fields) : TextLine(timestamp, level, message, fields));
        textWriter.Write('\n');
    }

    /// <summary>The four levels there are: finer ones count as debug, graver ones as error.</summary>
    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };

    private IEnumerable<KeyValuePair<string, object?>> FieldsOf<TState>(LogEntry<TState> entry)
    {
        foreach (KeyValuePair<string, object?> field in LogFields.Of(entry.State, entry.Exception is not null))
            yield return field;
        if (!entry.Category.StartsWith(OwnCategories, StringComparison.Ordinal))
            yield return KeyValuePair.Create<string, object?>(LogFields.Logger, entry.Category);
        if (entry.Exception is not { } exception)
            yield break;
        yield return KeyValuePair.Create<string, object?>(LogFields.Error, LogFields.Chain(exception));
        if (withStacks)
            yield return KeyValuePair.Create<string, object?>(LogFields.Stack, exception.ToString());
    }

    private static string JsonLine(string timestamp, string level, string message, IEnumerable<KeyValuePair<string, object?>> fields) =>
        Render(json =>
        {
            json.WriteStartObject();
            json.WriteString(LogFields.Timestamp, timestamp);
            json.WriteString(LogFields.Level, level);
            json.WriteString(LogFields.Message, message);
            foreach ((string name, object? value) in fields)
            {
                json.WritePropertyName(name);
                LogValue.Write(json, value);
            }

            json.WriteEndObject();
        });

    private static string TextLine(string timestamp, string level, string message, IEnumerable<KeyValuePair<string, object?>> fields)
    {
        var line = new StringBuilder($"{timestamp} {level.ToUpperInvariant(),-5} {OnOneLine(message)}");
        foreach ((string name, object? value) in fields)
            line.Append(' ').Append(name).Append('=').Append(Unquoted(Render(json => LogValue.Write(json, value))));
        return line.ToString();
    }

    private static string Render(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = LogValue.Encoder });
        write(json);
        json.Flush();
        return Escaped(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>A message may hold what others wrote: it must not look like a line of its own.</summary>
    private static string OnOneLine(string message) => Escaped(LogValue.Encoder.Encode(message).Replace("\\\"", "\"", StringComparison.Ordinal));

    /// <summary>The encoder leaves marks by which a terminal turns text around or hides it. In JSON they stand nowhere but in texts.</summary>
    private static string Escaped(string json) => json.Any(QuotedText.IsObeyed)
        ? string.Concat(json.Select(c => QuotedText.IsObeyed(c) ? FormattableString.Invariant($"\\u{(int)c:x4}") : c.ToString()))
        : json;

    private static string Unquoted(string json)
    {
        bool isPlain = json.Length > 2 && json[0] == '"' && !json.AsSpan(1, json.Length - 2).ContainsAny(" =\"\\");
        return isPlain ? json[1..^1] : json;
    }
}
