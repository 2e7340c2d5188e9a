using System.Collections.Immutable;
using DynamicToolset.Capabilities;
using DynamicToolset.HealthCheck;
using DynamicToolset.Rules;

namespace DynamicToolset.Identification;

/// <summary>One thing that a visit finds out. It has no state of its own: what is known so far is handed to it.</summary>
internal abstract record InquiryStage
{
    /// <summary>What it would still ask, in this order, whether or not somebody has asked it in this visit.</summary>
    public abstract IEnumerable<InquiryRequest> Wants(Findings known);

    /// <summary>What an answer to a request adds, whichever stage had it sent; the same object where it adds nothing.</summary>
    /// <param name="path">Of the request.</param>
    public abstract Findings Hear(string path, ProbeAnswer answer, Findings known);

    /// <summary>What the backend is.</summary>
    public sealed record Identity(Fingerprint Fingerprint) : InquiryStage
    {
        public override IEnumerable<InquiryRequest> Wants(Findings known) => known.Identity is null && !known.IsGuarded
            ? Fingerprint.Requests.Select(r => new InquiryRequest(r.Path, r.Headers))
            : [];

        public override Findings Hear(string path, ProbeAnswer answer, Findings known)
        {
            if (known.Identity is not null || Fingerprint.Requests.FirstOrDefault(r => r.Path == path) is not { } request)
                return known;
            return known with { Identity = request.IdentityIn(answer), IsGuarded = known.IsGuarded || FingerprintRequest.IsGuard(answer) };
        }
    }

    /// <summary>What HolmesGPT will meet there. Who turns out to be another product is not asked a question that is not for it.</summary>
    /// <param name="Product">Which the question is for; null where whatever it is has to answer it.</param>
    public sealed record Consumer(Question Question, string? Product) : InquiryStage
    {
        public override IEnumerable<InquiryRequest> Wants(Findings known) =>
            known.Identity is null || Product is null || known.Identity.Name == Product ? [new InquiryRequest(Question.Path, Question.Headers)] : [];

        public override Findings Hear(string path, ProbeAnswer answer, Findings known) =>
            path == Question.Path ? known with { Verdict = Question.VerdictIn(answer) } : known;
    }

    /// <summary>What it says of itself, each question in its turn. An answer that says nothing ends it: half of a line would come and go with it.</summary>
    /// <param name="Product">As for <see cref="Consumer"/>.</param>
    public sealed record SelfDescription(ImmutableArray<CapabilityQuestion> Questions, string? Product) : InquiryStage
    {
        public override IEnumerable<InquiryRequest> Wants(Findings known) => IsForIt(known) && !known.Parts.Contains(null)
            ? Questions.Skip(known.Parts.Length).Select(q => new InquiryRequest(q.Path, []))
            : [];

        public override Findings Hear(string path, ProbeAnswer answer, Findings known)
        {
            if (known.Parts.Length == Questions.Length || Questions[known.Parts.Length] is not { } question || question.Path != path)
                return known;
            ImmutableArray<string?> parts = known.Parts.Add(question.PartIn(answer));
            bool isWhole = parts.Length == Questions.Length && !parts.Contains(null);
            return known with { Parts = parts, Says = isWhole ? CapabilityLine.Of(parts.OfType<string>()) : null };
        }

        private bool IsForIt(Findings known) => known.Identity is null || Product is null || known.Identity.Name == Product;
    }
}

/// <summary>One GET of a visit.</summary>
/// <param name="Path">Below the path of the endpoint, perhaps with a query.</param>
/// <param name="Headers">Of the answer, that are looked at.</param>
internal sealed record InquiryRequest(string Path, ImmutableArray<string> Headers);
