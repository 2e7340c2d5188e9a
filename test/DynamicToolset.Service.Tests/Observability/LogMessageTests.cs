using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using DynamicToolset.Docs;
using DynamicToolset.Service.Observability;
using DynamicToolset.Service.Tests.Hosting;
using DynamicToolset.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Observability;

/// <summary>Every line that the program can log, found by its declaration. UPDATE_GOLDEN=1 writes <c>log-lines.txt</c> anew: review what operators will miss.</summary>
public sealed partial class LogMessageTests
{
    private static readonly string Golden =
        Path.Combine(RepositoryRoot.Path, "test", "DynamicToolset.Service.Tests", "Observability", "log-lines.txt");

    [Fact]
    public void Every_line_reads_in_both_formats_as_it_is_written_down()
    {
        string now = string.Concat(LogMessage.All.Select(m => $"{Line(m, LogLineFormatter.Json)}\n{Line(m, LogLineFormatter.Text)}\n\n"));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(Golden, now);
        Assert.Equal(File.ReadAllText(Golden), now);
    }

    [Theory]
    [InlineData("Failed to list services", "error", "error")]
    [InlineData("Service health check failed, skipping", "warn", "service_type")]
    [InlineData("Service discovery complete", "info", "discovered_count", "prometheus_count", "grafana_count", "jaeger_count", "elasticsearch_count", "custom_count", "version")]
    [InlineData("ConfigMap not found", "error", "name")]
    [InlineData("ConfigMap created", "info", "name")]
    [InlineData("ConfigMap recreated", "info", "name")]
    [InlineData("Drift detected", "info", "keys", "action")]
    [InlineData("Lost leader election", "warn", "instance")]
    public void What_operators_search_for_stays_word_for_word(string text, string level, params string[] fields)
    {
        LogMessage message = Assert.Single(LogMessage.All, m => m.Text == text);
        Assert.Equal(level, message.Level);
        Assert.Empty(fields.Except(message.Fields));
        Assert.Contains(text, LogsPage.Kept.Select(k => k.Text));
    }

    [Fact]
    public void Each_line_has_a_number_of_its_own() =>
        Assert.Empty(LogMessage.All.GroupBy(m => m.Declaration.EventId).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(m => m.Text))}"));

    [Fact]
    public void A_text_is_constant_and_a_field_has_a_name_in_snake_case_that_the_line_has_no_other_use_for() => Assert.All(LogMessage.All, message =>
    {
        Assert.DoesNotContain('{', message.Text);
        Assert.True(message.Declaration.Level is LogLevel.Debug or LogLevel.Information or LogLevel.Warning or LogLevel.Error, message.Text);
        Assert.All(message.Fields, field => Assert.Matches("^[a-z][a-z0-9]*(_[a-z0-9]+)*$", field));
        Assert.Empty(message.Fields.Intersect([LogFields.Timestamp, LogFields.Level, LogFields.Message, LogFields.Logger, LogFields.Stack]));
        Assert.Equal(message.Fields.Distinct(), message.Fields);
    });

    /// <summary>Else it would be in none of these tests.</summary>
    [Fact]
    public void No_line_is_written_but_by_a_declaration()
    {
        IEnumerable<string> sources = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.cs", SearchOption.AllDirectories);
        Assert.DoesNotContain(sources, path => Undeclared().IsMatch(File.ReadAllText(path)));
    }

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)?\((LogLevel\.|""|\$"")")]
    private static partial Regex Undeclared();

    private static string Line(LogMessage message, string format)
    {
        using var lines = new LogLines(format, new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 8, 29, 32, 123, TimeSpan.Zero)));
        using ILoggerFactory loggers = LoggerFactory.Create(l => l.SetMinimumLevel(LogLevel.Trace).AddProvider(lines));
        object? writer = message.Writer.IsStatic ? null : Writer(message.Writer.DeclaringType!, loggers);
        message.Writer.Invoke(writer, [.. message.Writer.GetParameters().Select(p => p.ParameterType == typeof(ILogger) ? loggers.CreateLogger("DynamicToolset") : Sample(p))]);
        return Assert.Single(lines.All);
    }

    /// <summary>Nothing of it is there but its logger, which is all that a declared line looks at.</summary>
    private static object Writer(Type type, ILoggerFactory loggers)
    {
        object writer = RuntimeHelpers.GetUninitializedObject(type);
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Where(f => f.FieldType.IsAssignableTo(typeof(ILogger))))
            field.SetValue(writer, field.FieldType == typeof(ILogger) ? loggers.CreateLogger(type) : Activator.CreateInstance(typeof(Logger<>).MakeGenericType(field.FieldType.GenericTypeArguments), loggers));
        return writer;
    }

    private static object Sample(ParameterInfo parameter)
    {
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return type == typeof(string) ? $"some {parameter.Name}"
            : type == typeof(string[]) ? (string[])["one", "another"]
            : type == typeof(int) ? 3
            : type == typeof(double) ? 1.5
            : type == typeof(bool) ? true
            : throw new NotSupportedException($"a sample of {type} for {parameter.Name}");
    }
}
