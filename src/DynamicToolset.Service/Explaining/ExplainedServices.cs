using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using DynamicToolset.Discovery;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Manifests;
using DynamicToolset.Rules;

namespace DynamicToolset.Service.Explaining;

/// <summary>Explanations as JSON, for the command and the REST API.</summary>
public sealed record ExplainedServices(ImmutableArray<ExplainedService> Services)
{
    /// <param name="health">Told only of what was checked: who did not ask for checks gets the fields that there always are.</param>
    internal static ExplainedServices Of(ImmutableArray<ServiceExplanation> explanations, ExplainedHealth health) =>
        new([.. explanations.Select(e => ExplainedService.Of(e, health))]);

    internal string ToJson() => PrintedJson.Of(json => JsonSerializer.Serialize(json, this, ExplainingJson.Default.ExplainedServices));
}

/// <summary>Why a Service was detected or not.</summary>
/// <param name="Type">Null if it is none.</param>
/// <param name="Toolset">The name of its toolset when it is healthy.</param>
/// <param name="Rule">The rule that found it; null if only an annotation did.</param>
/// <param name="TwinOf">The Service, <c>namespace/name</c>, that speaks for the same backend.</param>
/// <param name="Why">The rules that matched or came close, the closest first.</param>
public sealed record ExplainedService(
    string Namespace,
    string Name,
    string? Type,
    string? Toolset,
    string? Url,
    string? Rule,
    string? TwinOf,
    ExplainedPort? Port,
    ImmutableArray<ExplainedRule> Why)
{
    /// <summary>The real one, <c>namespace/name</c>: while that answers this one has no toolset, since it is only compatible.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StandsInFor { get; init; }

    /// <summary>The same as a sentence for people; only in answers of the REST API.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Summary { get; init; }

    /// <summary>Absent if it was not checked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ExplainedCheck? Health { get; init; }

    /// <summary>What HolmesGPT will get; absent if unknown.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ExplainedQuestion? Question { get; init; }

    /// <summary>The part of its URL that the health check found: https, a prefix, or both separated by a space. Absent if none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AsProbed { get; init; }

    /// <summary>Absent if its backend was not identified.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ExplainedIdentity? Identity { get; init; }

    /// <summary>Its backend's description of itself, for the model; absent if unknown.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Says { get; init; }

    /// <summary>Absent if no override changes its toolset.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<ExplainedOverride>? Overrides { get; init; }

    internal static ExplainedService Of(ServiceExplanation explanation, ExplainedHealth health)
    {
        Detection.Matched? match = explanation.Match;
        return new ExplainedService(
            explanation.Service.Key.Namespace,
            explanation.Service.Key.Name,
            match?.Type,
            explanation.Toolset,
            match?.Endpoint.ToString(),
            match?.Rule,
            match is null ? null : (explanation.Detection as Detection.Twin)?.Of.ToString(),
            match is null ? null : new ExplainedPort(match.Port.Name, match.Port.Number),
            [.. explanation.Verdicts.Where(v => v.IsMatched || v.IsClose).Select(v => Of(v, explanation.IsConsidered))])
        {
            AsProbed = match is null ? null : ExplanationWords.AsProbed(match),
            StandsInFor = explanation.StandsInFor?.ToString(),
            Overrides = explanation.Overrides.IsEmpty ? null : [.. explanation.Overrides.Select(o => new ExplainedOverride(o.Origin, o.Paths))],
            Identity = explanation.IsConsidered && health.IdentityOf(explanation.Detection) is { } identity
                ? new ExplainedIdentity(identity.Name, identity.Version)
                : null,
            Says = explanation.IsConsidered ? health.SaysOf(explanation.Detection) : null,
            Health = explanation.Detection is Detection.Matched found ? health.CheckOf(found) : null,
            Question = explanation.Detection is Detection.Matched asked ? health.QuestionOf(asked) : null,
        };
    }

    private static ExplainedRule Of(RuleVerdict verdict, bool isConsidered) =>
        new(verdict.Rule, verdict.IsMatched && isConsidered, isConsidered ? verdict.Failed : ExplanationWords.NotConsidered);
}

/// <param name="Product">Named as in the rule.</param>
/// <param name="Version">Null if unknown.</param>
public sealed record ExplainedIdentity(string Product, string? Version);

/// <summary>What HolmesGPT will get from a backend.</summary>
/// <param name="Verdict">
/// works, credentials (it requires some), tenant (it requires a tenant header), certificate (it answers, but its certificate is not verified) or no_data.
/// </param>
/// <param name="Advice">What to do about it; null if nothing, for example if the toolset already has the credentials.</param>
/// <param name="Override">The line for overrides.yaml.</param>
public sealed record ExplainedQuestion(string Verdict, string? Advice, string? Override)
{
    internal static ExplainedQuestion Of(QuestionVerdict verdict, Shortfall? shortfall) => verdict == QuestionVerdict.Certificate
        ? new(verdict.Word(), UnverifiedCertificate.Advice, null)
        : new(verdict.Word(), shortfall?.Advice, shortfall?.Override);
}

/// <param name="Name">Empty or null if it has none.</param>
public sealed record ExplainedPort(string? Name, int Number);

/// <param name="Failed">The first condition that failed.</param>
public sealed record ExplainedRule(string Rule, bool Matched, string? Failed);

/// <param name="From">The key overrides.yaml, or a file.</param>
/// <param name="Values">The values of the toolset that are as it says, such as config.url.</param>
public sealed record ExplainedOverride(string From, ImmutableArray<string> Values);

/// <param name="Healthy">Null if the check learned nothing about the backend.</param>
/// <param name="Reason">One word, as in the metric of health checks.</param>
/// <param name="Status">The code that it answered.</param>
/// <param name="Override">The line for overrides.yaml with the credentials that the backend wants.</param>
public sealed record ExplainedCheck(bool? Healthy, string Reason, int? Status, string? Override)
{
    /// <summary>Another form of the URL that was tried, with the result; absent if none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tried { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExplainedServices))]
internal sealed partial class ExplainingJson : JsonSerializerContext;
