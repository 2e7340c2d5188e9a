using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using DynamicToolset.Service.Observability;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Observability;

public sealed partial class LogLineFormatterTests
{
    private static readonly Exception Failure = new InvalidOperationException(
        "cannot list", new IOException("connection refused", new IOException("connection refused")));

    private static readonly DateTimeOffset East = new(2026, 1, 2, 3, 4, 5, 6, TimeSpan.FromHours(2));

    [Fact]
    public void A_JSON_line_has_time_level_text_and_fields_in_snake_case() => Assert.Equal(
        """{"level":"info","msg":"Drift detected","keys":["a-toolset.yaml","b-toolset.yaml"],"action":"reconciling","changed_by":null}""",
        Json(log => DriftDetected(log, ["a-toolset.yaml", "b-toolset.yaml"], "reconciling", null)));

    [Fact]
    public void A_text_line_is_for_people() => Assert.Equal(
        """2026-11-23T08:29:32.123Z INFO  Drift detected keys=["a-toolset.yaml","b-toolset.yaml"] action="recon \"it\" now" changed_by=kubectl""",
        Text(log => DriftDetected(log, ["a-toolset.yaml", "b-toolset.yaml"], "recon \"it\" now", "kubectl")));

    [Fact]
    public void Numbers_times_and_lists_keep_their_meaning() => Assert.Equal(
        """{"level":"debug","msg":"Many kinds","count":3,"share":0.25,"impossible":"NaN","price":1.10,"is_leader":true,"interval":"1m30s","at":"2026-01-02T01:04:05.006Z","names":["a"],"nothing":null,"level_of":"warning"}""",
        Json(log => ManyKinds(
            log, 3, 0.25, double.NaN, 1.10m, true, TimeSpan.FromSeconds(90), East, ["a"], default, LogLevel.Warning)));

    [Fact]
    public void An_exception_is_told_as_the_chain_of_its_messages() => Assert.Equal(
        """{"level":"error","msg":"Failed to list services","attempt":2,"error":"cannot list: connection refused"}""",
        Json(log => ListFailed(log, Failure, 2)));

    [Fact]
    public void The_stack_is_there_for_those_who_debug()
    {
        string text = Render(LogLineFormatter.Json, "DynamicToolset.Test", log => ListFailed(log, Failure, 2), withStacks: true);
        using JsonDocument line = JsonDocument.Parse(text);
        Assert.Equal("cannot list: connection refused", line.RootElement.GetProperty("error").GetString());
        string stack = line.RootElement.GetProperty("stack").GetString()!;
        Assert.Contains("System.IO.IOException: connection refused", stack, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_cannot_pose_as_a_part_of_the_line() => Assert.Equal(
        """{"level":"error","msg":"Collision","field_msg":"m","field_level":"l","field_timestamp":"t","field_error":"e","error":"cannot list: connection refused"}""",
        Json(log => Collision(log, Failure, "m", "l", "t", "e")));

    [Fact]
    public void An_error_without_exception_may_be_a_field() => Assert.Equal(
        """{"level":"error","msg":"Failed","error":"forbidden"}""",
        Json(log => Failed(log, "forbidden")));

    [Fact]
    public void What_others_wrote_stays_on_its_line()
    {
        const string hostile = "a\n{\"level\":\"info\"}\u001b[31m\u0085é\u202etxt\u2066\ufeff";
        string json = Json(log => Failed(log, hostile));
        string text = Text(log => Said(log, hostile));

        Assert.DoesNotContain(json + text, character => char.IsControl(character) || char.GetUnicodeCategory(character) == UnicodeCategory.Format);
        Assert.Equal(hostile, JsonDocument.Parse(json).RootElement.GetProperty("error").GetString());
        Assert.Equal(
            """2026-11-23T08:29:32.123Z ERROR Said a\n{"level":"info"}\u001B[31m\u0085é\u202etxt\u2066\uFEFF words="a\n{\"level\":\"info\"}\u001B[31m\u0085é\u202etxt\u2066\uFEFF" """.TrimEnd(),
            text);
    }

    [Fact]
    public void A_list_names_twenty_and_says_how_many_more_there_are()
    {
        string[] many = [.. Enumerable.Range(1, 2021).Select(i => $"k{i}")];
        Assert.Contains("\"k19\",\"k20\",\"… and 2,001 more\"]", Json(log => DriftDetected(log, many, "", null)), StringComparison.Ordinal);
        Assert.Contains("\"k19\",\"k20\",\"… and 2,001 more\"]", Text(log => DriftDetected(log, many, "", null)), StringComparison.Ordinal);
        Assert.Contains("\"k19\",\"k20\"]", Json(log => DriftDetected(log, many[..20], "", null)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_is_cut_before_a_container_runtime_would_break_the_line()
    {
        string json = Json(log => Failed(log, new string('x', 100_000)));
        Assert.EndsWith("xxx… (100,000 characters)\"}", json, StringComparison.Ordinal);
        Assert.InRange(json.Length, 8192, 8400);
        Assert.EndsWith($"{new string('x', 8192)}\"}}", Json(log => Failed(log, new string('x', 8192))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_bound_of_a_value_is_of_bytes_as_they_are_written() => Assert.All(
        ["ж", "漢", "😀", "\u0001", "\u202E", "\"", "\uD800"],
        character =>
        {
            string text = string.Concat(Enumerable.Repeat(character, 8192));
            string[] lines =
            [
                Json(log => Failed(log, text)),
                Text(log => Failed(log, text)),
                Json(log => DriftDetected(log, [.. Enumerable.Repeat(text, 30)], "", null)),
                Json(log => DriftDetected(log, [.. Enumerable.Repeat(text[..1000], 30)], "", null)),
            ];
            Assert.All(lines, line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 2000, 8500));
            Assert.All(lines, line => Assert.Contains(" characters)", line, StringComparison.Ordinal));
        });

    [Fact]
    public void A_text_is_cut_between_characters() => Assert.Contains(
        "\\uD83D\\uDE00… (10,001 characters)", Json(log => Failed(log, $"x{string.Concat(Enumerable.Repeat("😀", 5000))}")), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void The_items_of_a_list_share_the_bound()
    {
        string[] many = [.. Enumerable.Repeat(new string('x', 3000), 10)];
        Assert.Contains($"\"{new string('x', 2192)}… (3,000 characters)\",\"… and 7 more\"]", Json(log => DriftDetected(log, many, "", null)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_is_named() => Assert.Equal(
        """{"level":"error","msg":"Failed","error":"e","logger":"Microsoft.AspNetCore.Server.Kestrel"}""",
        Json(log => Failed(log, "e"), "Microsoft.AspNetCore.Server.Kestrel"));

    [Theory]
    [InlineData(LogLevel.Trace, "debug")]
    [InlineData(LogLevel.Debug, "debug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Warning, "warn")]
    [InlineData(LogLevel.Error, "error")]
    [InlineData(LogLevel.Critical, "error")]
    public void There_are_four_levels(LogLevel level, string name)
    {
        using JsonDocument line = JsonDocument.Parse(Json(log => AnyLevel(log, level)));
        Assert.Equal(name, line.RootElement.GetProperty("level").GetString());
    }

    /// <summary>Without the time, which is the first field of each line.</summary>
    private static string Json(Action<ILogger> write, string category = "DynamicToolset.Service.Test")
    {
        const string timestamp = "{\"timestamp\":\"2026-11-23T08:29:32.123Z\",";
        string line = Render(LogLineFormatter.Json, category, write);
        Assert.StartsWith(timestamp, line, StringComparison.Ordinal);
        return "{" + line[timestamp.Length..];
    }

    private static string Text(Action<ILogger> write) => Render(LogLineFormatter.Text, "DynamicToolset.Service.Test", write);

    private static string Render(string format, string category, Action<ILogger> write, bool withStacks = false)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 8, 29, 32, 123, TimeSpan.Zero));
        var lines = new StringWriter();
        write(new FormattingLogger(new LogLineFormatter(format, clock, withStacks), category, lines));
        string text = lines.ToString();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text[..^1];
    }

    [LoggerMessage(LogLevel.Information, "Drift detected")]
    private static partial void DriftDetected(ILogger log, string[] keys, string action, string? changedBy);

    [LoggerMessage(LogLevel.Debug, "Many kinds")]
    private static partial void ManyKinds(
        ILogger log, int count, double share, double impossible, decimal price, bool isLeader, TimeSpan interval, DateTimeOffset at,
        IReadOnlyList<string> names, ImmutableArray<string> nothing, LogLevel levelOf);

    [LoggerMessage(LogLevel.Error, "Failed to list services")]
    private static partial void ListFailed(ILogger log, Exception exception, int attempt);

    [LoggerMessage(LogLevel.Error, "Collision")]
    private static partial void Collision(ILogger log, Exception exception, string msg, string level, string timestamp, string error);

    [LoggerMessage(LogLevel.Error, "Failed")]
    private static partial void Failed(ILogger log, string error);

    [LoggerMessage(LogLevel.Error, "Said {Words}")]
    private static partial void Said(ILogger log, string words);

    [LoggerMessage("Any level")]
    private static partial void AnyLevel(ILogger log, LogLevel level);

    /// <summary>Hands each message to the formatter, as the console provider does.</summary>
    private sealed class FormattingLogger(LogLineFormatter formatter, string category, TextWriter lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> text) =>
            formatter.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, text), null, lines);
    }
}
