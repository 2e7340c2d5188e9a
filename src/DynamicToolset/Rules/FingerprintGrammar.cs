using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Forms;

namespace DynamicToolset.Rules;

/// <summary>The grammar of a fingerprint.</summary>
internal static class FingerprintGrammar
{
    private static readonly ScalarForm<string> Product = ScalarForm.Text(
        "of the form [a-z0-9]([-a-z0-9]*[a-z0-9])? with at most 63 characters", "x", text => DnsName.IsLabel(text));

    private static readonly Field<string> Name = new("name", Product, isRequired: true);

    private static readonly Field<string> Version = new(
        "version", ScalarForm.Text(AnswerGrammar.PointerAllowed, "/version", text => JsonPointer.TryParse(text) is not null));

    private static readonly MapForm<IdentitySign> Sign = new(
        "a map with name, and status, headers or json",
        "{name: x, headers: {X-Product: x}, json: {/version: \"1\"}}",
        MakeSign,
        Name, AnswerGrammar.Statuses, AnswerGrammar.Headers, AnswerGrammar.Json, Version);

    private static readonly Field<ImmutableArray<IdentitySign>> Identities =
        new("identities", new ListForm<IdentitySign>(Sign, "identities", mayBeEmpty: false), isRequired: true);

    private static readonly MapForm<FingerprintRequest> Request = new(
        "a map with path and identities",
        $"{{path: /version, identities: [{Sign.Example}]}}",
        (fields, _) => new FingerprintRequest(fields.Get(AnswerGrammar.Path), fields.Get(Identities)),
        AnswerGrammar.Path,
        Identities);

    /// <summary>A list of requests.</summary>
    public static Form<Fingerprint> Fingerprint { get; } = new MadeForm<ImmutableArray<FingerprintRequest>, Fingerprint>(
        "a list of requests, and not an empty one",
        $"[{Request.Example}]",
        () => new ListForm<FingerprintRequest>(Request, "requests", mayBeEmpty: false),
        (requests, node, report) =>
        {
            if (requests.Length > Rules.Fingerprint.MostRequests)
                report(node.Position, $"more than {Rules.Fingerprint.MostRequests} requests");
            return new Fingerprint(requests);
        });

    private static IdentitySign MakeSign(Fields fields, Action<string> refuse) => new(
        fields.Get(Name),
        AnswerGrammar.ConditionIn(fields, "an identity", refuse),
        fields.Find(Version) is { } version ? JsonPointer.TryParse(version) : null);
}
