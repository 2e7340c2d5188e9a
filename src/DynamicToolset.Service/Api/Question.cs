using DynamicToolset.Service.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DynamicToolset.Service.Api;

/// <summary>
/// The parameters of a question. What is not known, given twice or not allowed is refused with what is: a filter that is misspelt and passed over would
/// answer another question.
/// </summary>
internal sealed class Question
{
    private readonly IQueryCollection _query;

    private Question(IQueryCollection query) => _query = query;

    /// <summary>What is wrong with it; null as long as nothing is. The first problem stays.</summary>
    public IResult? Problem { get; private set; }

    /// <param name="known">The names of the parameters that there are.</param>
    public static Question Of(HttpContext http, params ReadOnlySpan<string> known)
    {
        var question = new Question(http.Request.Query);
        foreach ((string name, StringValues values) in http.Request.Query)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
                question.Refuse(name, known.IsEmpty ? "this path has no parameters" : $"there are {string.Join(", ", known)}");
            else if (values.Count != 1)
                question.Refuse(name, "set it only once");
        }

        return question;
    }

    public bool? Flag(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (text is "true" or "false")
            return text == "true";
        Refuse(name, "allowed are true and false");
        return null;
    }

    public string? OneOf(string name, IEnumerable<string> allowed)
    {
        if (Text(name) is not { } text || allowed.Contains(text))
            return Text(name);
        Refuse(name, $"allowed are {string.Join(", ", allowed)}");
        return null;
    }

    public string? Label(string name)
    {
        if (Text(name) is not { } text || Cluster.DnsName.IsLabel(text))
            return Text(name);
        Refuse(name, "allowed is the name of a namespace: at most 63 of a-z, 0-9 and -, which begins and ends with a letter or digit");
        return null;
    }

    /// <summary>Null where it is not given.</summary>
    private string? Text(string name) => _query.TryGetValue(name, out StringValues values) ? values.ToString() : null;

    /// <summary>Without the value, which may be anything: who asked knows it.</summary>
    private void Refuse(string name, string allowed) =>
        Problem ??= ProblemAnswer.Of(StatusCodes.Status400BadRequest, "invalidParameter", $"parameter {Shown(name)}: {allowed}");

    private static string Shown(string name) => Messages.QuotedText.OrPlainUpTo(63, name);
}
