using System.Collections.Immutable;

namespace DynamicToolset.Score;

/// <summary>How well the Services of one type are found.</summary>
/// <param name="Recall">Backends found with the right scheme and port; a share from 0 to 1, as all that follow.</param>
/// <param name="VisibleRecall">The same without those whose scheme shows nowhere.</param>
/// <param name="Precision">Reported Services that are a backend of the type or speak its API.</param>
/// <param name="Twins">How many are reported beside the Service that speaks for their backend.</param>
/// <param name="Installs">How many installs have a backend of the type.</param>
/// <param name="ExactInstalls">In how many of them just the right Services are reported.</param>
/// <param name="Mistakes">Each with what was wanted and what was found.</param>
public sealed record TypeScore(
    string Type,
    int Backends,
    double Recall,
    double VisibleRecall,
    double Precision,
    int Twins,
    int Installs,
    int ExactInstalls,
    ImmutableArray<string> Mistakes)
{
    internal static TypeScore Of(string type, ImmutableArray<Verdict> verdicts)
    {
        ImmutableArray<Verdict> primaries = [.. verdicts.Where(v => v.IsPrimaryOf(type))];
        ImmutableArray<Verdict> visible = [.. primaries.Where(v => v.IsVisible)];
        ImmutableArray<Verdict> reported = [.. verdicts.Where(v => v.IsReportedAs(type))];
        ImmutableArray<IGrouping<string, Verdict>> installs =
            [.. verdicts.GroupBy(v => v.Labeled.Install).Where(install => install.Any(v => v.IsPrimaryOf(type)))];
        return new TypeScore(
            type,
            primaries.Length,
            Share(primaries, v => v.IsRight(type)),
            Share(visible, v => v.IsRight(type)),
            Share(reported, v => v.IsAcceptableAs(type)),
            reported.Count(v => v.IsTwinOf(type)),
            installs.Length,
            installs.Count(install => install.All(v => v.IsPrimaryOf(type) == v.IsReportedAs(type))),
            [.. verdicts.Select(v => MistakeIn(v, type)).OfType<string>()]);
    }

    /// <summary>Of nothing, all is right.</summary>
    private static double Share(ImmutableArray<Verdict> all, Func<Verdict, bool> isRight) =>
        all.IsEmpty ? 1 : (double)all.Count(isRight) / all.Length;

    private static string? MistakeIn(Verdict verdict, string type)
    {
        string? kind = verdict switch
        {
            _ when verdict.IsPrimaryOf(type) => verdict.IsRight(type) ? null : "missed or wrong",
            _ when !verdict.IsReportedAs(type) => null,
            _ when verdict.IsTwinOf(type) => "twin",
            _ => verdict.IsAcceptableAs(type) ? null : "not one",
        };
        return kind is null ? null : $"{kind}: {verdict.Labeled.Service.Key} of {verdict.Labeled.Install}, wanted {Wanted(verdict)}, found {Found(verdict)}";
    }

    private static string Wanted(Verdict verdict) =>
        verdict.Labeled.Wanted is { } wanted ? $"{wanted.Type} {wanted.Scheme}:{wanted.Port}" : "nothing";

    private static string Found(Verdict verdict) =>
        verdict.Found is { } found ? $"{found.Type} {found.Endpoint.Scheme}:{found.Endpoint.Port}" : "nothing";
}
