using System.Collections.Immutable;
using System.Text;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Rules;

/// <summary>The request that HolmesGPT will send to a backend, and what its answers mean.</summary>
/// <param name="Path">Starts with <c>/</c>, below the path of the endpoint; may have a query.</param>
/// <param name="Signs">The first that holds counts.</param>
public sealed record Question(string Path, ImmutableArray<QuestionSign> Signs)
{
    /// <summary>In bytes. What says that a tenant is missing is shorter.</summary>
    private const int LongestWord = 32;

    /// <summary>
    /// What Loki, Mimir, Cortex and Tempo answer to who names no tenant (https://github.com/grafana/dskit/blob/main/user/id.go), and nobody else does.
    /// </summary>
    private const string NoTenant = "no org id";

    /// <summary>The headers that are looked at.</summary>
    public ImmutableArray<string> Headers { get; } =
        [.. Signs.SelectMany(s => s.When.Headers).Select(h => h.Key).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>What the answer says; null where it says nothing.</summary>
    public QuestionVerdict? VerdictIn(ProbeAnswer answer)
    {
        if (answer is not ProbeAnswer.Response response || response.Status is >= 300 and < 400)
            return null;
        // Whatever else is in such an answer: HolmesGPT will not get it.
        if (AcceptedStatuses.MeanCredentials(response.Status))
            return IsForWantOfTenant(response) ? QuestionVerdict.Tenant : QuestionVerdict.Credentials;
        using JsonAnswer? json = response.Body.Length < Fingerprint.MostBodyBytes ? JsonAnswer.Of(response.Body) : JsonAnswer.OfBeginning(response.Body);
        foreach (QuestionSign sign in Signs)
        {
            if (sign.When.IsMetBy(response, json))
                return sign.Verdict;
        }

        return null;
    }

    private static bool IsForWantOfTenant(ProbeAnswer.Response response) =>
        response.Body.Length <= LongestWord && Encoding.UTF8.GetString(response.Body.Span).Trim() == NoTenant;
}

/// <param name="Verdict">On an answer by which the condition holds.</param>
public sealed record QuestionSign(QuestionVerdict Verdict, AnswerCondition When);
