using System.Collections.Immutable;
using DynamicToolset.Forms;

namespace DynamicToolset.Rules;

/// <summary>How the request is written that HolmesGPT will send.</summary>
internal static class QuestionGrammar
{
    private static readonly Field<QuestionVerdict> Verdict = new(
        "verdict",
        ScalarForm.Word((QuestionVerdict.Works.Word(), QuestionVerdict.Works), (QuestionVerdict.NoData.Word(), QuestionVerdict.NoData)),
        isRequired: true);

    private static readonly MapForm<QuestionSign> Sign = new(
        "a map with verdict, and status, headers or json",
        "{verdict: works, json: {/status: success}}",
        (fields, refuse) => new QuestionSign(fields.Get(Verdict), AnswerGrammar.ConditionIn(fields, "a verdict", refuse)),
        Verdict, AnswerGrammar.Statuses, AnswerGrammar.Headers, AnswerGrammar.Json);

    private static readonly Field<ImmutableArray<QuestionSign>> Verdicts =
        new("verdicts", new ListForm<QuestionSign>(Sign, "verdicts", mayBeEmpty: false), isRequired: true);

    public static MapForm<Question> Question { get; } = new(
        "a map with path and verdicts",
        $"{{path: /version, verdicts: [{Sign.Example}]}}",
        (fields, _) => new Question(fields.Get(AnswerGrammar.Path), fields.Get(Verdicts)),
        AnswerGrammar.Path,
        Verdicts);
}
