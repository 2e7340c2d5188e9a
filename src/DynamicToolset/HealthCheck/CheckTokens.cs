using System.Collections.Immutable;

namespace DynamicToolset.HealthCheck;

/// <summary>Which Services may be shown a token of ours when they want one: those that a rule finds in a namespace, and no others.</summary>
public sealed record CheckTokens(ImmutableArray<CheckToken> Tokens)
{
    public static CheckTokens None { get; } = new([]);

    /// <param name="rule">That finds the Service; null where only its owner says what it is.</param>
    /// <returns>The file with the token; null where there is none for it.</returns>
    public string? FileFor(string? rule, string serviceNamespace) =>
        Tokens.FirstOrDefault(t => t.Rule == rule && t.Namespace == serviceNamespace)?.File;

    /// <summary>The rules of which there is none: most likely a slip of the pen, for their tokens are sent to nobody.</summary>
    public IEnumerable<string> Unknown(Func<string, bool> isRule) =>
        Tokens.Select(t => t.Rule).Distinct().Where(r => !isRule(r)).Order(StringComparer.Ordinal);
}

/// <param name="File">Its text is a token by RFC 6750, section 2.1, and may be another one later.</param>
public sealed record CheckToken(string Rule, string Namespace, string File)
{
    public override string ToString() => $"{Rule}/{Namespace}={File}";
}
