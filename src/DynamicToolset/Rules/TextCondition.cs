using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DynamicToolset.Messages;

namespace DynamicToolset.Rules;

/// <summary>What a name, a label or an annotation must be like.</summary>
public sealed class TextCondition
{
    /// <summary>In characters. Names and labels stay below; no longer text is matched, so that no manifest can make this slow.</summary>
    private const int LongestMatched = 1024;

    private readonly ImmutableArray<Expression> _expressions;

    /// <param name="values">For <see cref="TextOperator.Matches"/> regular expressions; empty for the two that ask for presence alone.</param>
    /// <exception cref="ArgumentException">An expression is none (<see cref="RegexParseException"/>).</exception>
    /// <exception cref="NotSupportedException">An expression needs backtracking, or is too large, and so could be slow.</exception>
    public TextCondition(TextOperator op, ImmutableArray<string> values)
    {
        Operator = op;
        Values = values;
        _expressions = op == TextOperator.Matches ? [.. values.Select(v => new Expression(v))] : [];
    }

    public TextOperator Operator { get; }

    public ImmutableArray<string> Values { get; }

    internal bool IsCostly => Operator == TextOperator.Matches;

    public static TextCondition EqualTo(string value) => new(TextOperator.In, [value]);

    /// <param name="text">Null where there is none.</param>
    public bool IsMetBy(string? text) => Operator switch
    {
        TextOperator.In => text is not null && Values.Contains(text),
        TextOperator.NotIn => text is null || !Values.Contains(text),
        TextOperator.Exists => text is not null,
        TextOperator.DoesNotExist => text is null,
        TextOperator.Matches => text is { Length: <= LongestMatched } && Matches(text),
        TextOperator.EndsWithWord => text is not null && EndsWithWord(text),
        TextOperator.HasWord => text is not null && HasWord(text),
        _ => throw new ArgumentOutOfRangeException(nameof(text), Operator, null),
    };

    /// <summary>What it asks for, for a person: <c>must be "grafana"</c>.</summary>
    public string Demand() => Operator switch
    {
        TextOperator.In => $"must be {Choice()}",
        TextOperator.NotIn => $"must not be {Choice()}",
        TextOperator.Exists => "must be there",
        TextOperator.DoesNotExist => "must not be there",
        TextOperator.Matches => $"must match {Choice()}",
        TextOperator.EndsWithWord => $"must end with the word {Choice()}",
        TextOperator.HasWord => $"must have the word {Choice()}",
        _ => throw new InvalidOperationException($"{Operator} is no operator"),
    };

    /// <summary>What a text that fits is like, for a person: <c>ends with the word "exporter"</c>, of the values only the one that fits.</summary>
    /// <param name="text">One that meets the condition.</param>
    public string Tell(string? text) => Operator switch
    {
        TextOperator.In => $"is {QuotedText.Of(text!)}",
        TextOperator.NotIn => $"is not {Choice()}",
        TextOperator.Exists => "is there",
        TextOperator.DoesNotExist => "is not there",
        TextOperator.Matches => $"matches {Fitting(text)}",
        TextOperator.EndsWithWord => $"ends with the word {Fitting(text)}",
        TextOperator.HasWord => $"has the word {Fitting(text)}",
        _ => throw new InvalidOperationException($"{Operator} is no operator"),
    };

    private string Fitting(string? text) => QuotedText.Of(Values.First(v => new TextCondition(Operator, [v]).IsMetBy(text)));

    private string Choice() => string.Join(" or ", Values.Select(QuotedText.Of));

    private bool Matches(string text)
    {
        foreach (Expression expression in _expressions)
        {
            if (expression.IsMatch(text))
                return true;
        }

        return false;
    }

    private bool EndsWithWord(string text)
    {
        foreach (string word in Values)
        {
            if (EndsWithWord(text, word))
                return true;
        }

        return false;
    }

    private bool HasWord(string text)
    {
        foreach (string word in Values)
        {
            if (HasWord(text, word))
                return true;
        }

        return false;
    }

    internal static bool EndsWithWord(string text, string word) =>
        text.EndsWith(word, StringComparison.Ordinal) && IsBoundary(text, text.Length - word.Length - 1);

    internal static bool HasWord(string text, string word)
    {
        for (int at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            if (IsBoundary(text, at - 1) && IsBoundary(text, at + word.Length))
                return true;
        }

        return false;
    }

    private static bool IsBoundary(string text, int index) => index < 0 || index >= text.Length || text[index] == '-';

    /// <summary>
    /// Held only as long as there is room: compiled it takes up to a MiB, and texts that somebody chose make it thirty.
    /// </summary>
    private sealed class Expression(string text)
    {
        private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

        private readonly WeakReference<Regex> _compiled = new(CompileUnknown(text));

        public bool IsMatch(string matched)
        {
            if (!_compiled.TryGetTarget(out Regex? compiled))
                _compiled.SetTarget(compiled = Compile(text));
            return compiled.IsMatch(matched);
        }

        /// <summary>By itself first: one that closes the group around it would get rid of the anchors.</summary>
        private static Regex CompileUnknown(string text)
        {
            _ = new Regex(text, Options);
            return Compile(text);
        }

        private static Regex Compile(string text) => new($@"\A(?:{text})\z", Options);
    }
}
