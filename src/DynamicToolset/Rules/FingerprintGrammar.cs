using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Forms;

namespace DynamicToolset.Rules;

/// <summary>How it is written what a backend is asked to tell what it is.</summary>
internal static class FingerprintGrammar
{
    private const string PointerAllowed = "a JSON pointer with at most 8 steps, such as /data/version";

    private static readonly ScalarForm<string> Product = ScalarForm.Text(
        "of the form [a-z0-9]([-a-z0-9]*[a-z0-9])? with at most 63 characters", "x", text => DnsName.IsLabel(text));

    private static readonly Field<string> Path = new(
        "path",
        ScalarForm.Text("a plain path, and a query of unreserved characters, = and &, such as /api/v1/query?query=up", "/version", RequestPath.IsPlain),
        isRequired: true);

    private static readonly Field<string> Name = new("name", Product, isRequired: true);

    private static readonly Field<ImmutableArray<int>> Statuses =
        new("status", new ListForm<int>(ScalarForm.Whole(200, 599), "codes", mayBeEmpty: false));

    private static readonly Field<ImmutableArray<KeyValuePair<string, TextCondition>>> Headers = new(
        "headers", new PairsForm<TextCondition>("a map of headers", ConditionGrammar.AnyText, "X-Product", key => IsToken(key) ? null : "this is no name of a header"));

    private static readonly Field<ImmutableArray<KeyValuePair<string, TextCondition>>> Json = new(
        "json",
        new PairsForm<TextCondition>(
            "a map of JSON pointers", ConditionGrammar.AnyText, "/version", key => JsonPointer.TryParse(key) is null ? $"a key must be {PointerAllowed}" : null));

    private static readonly Field<string> Version = new(
        "version", ScalarForm.Text(PointerAllowed, "/version", text => JsonPointer.TryParse(text) is not null));

    private static readonly MapForm<IdentitySign> Sign = new(
        "a map with name, and status, headers or json", "{name: x, headers: {X-Product: x}, json: {/version: \"1\"}}", MakeSign, Name, Statuses, Headers, Json, Version);

    private static readonly Field<ImmutableArray<IdentitySign>> Identities =
        new("identities", new ListForm<IdentitySign>(Sign, "identities", mayBeEmpty: false), isRequired: true);

    private static readonly MapForm<FingerprintRequest> Request = new(
        "a map with path and identities",
        $"{{path: /version, identities: [{Sign.Example}]}}",
        (fields, _) => new FingerprintRequest(fields.Get(Path), fields.Get(Identities)),
        Path,
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

    private static IdentitySign MakeSign(Fields fields, Action<string> refuse)
    {
        var when = new AnswerCondition(
            fields.Get(Statuses, []),
            fields.Get(Headers, []),
            [.. fields.Get(Json, []).Select(p => KeyValuePair.Create(JsonPointer.TryParse(p.Key)!, p.Value))]);
        if (when.Headers.IsEmpty && when.Json.IsEmpty)
            refuse("an identity needs \"headers\" or \"json\": a status alone is anybody's");
        return new IdentitySign(fields.Get(Name), when, fields.Find(Version) is { } version ? JsonPointer.TryParse(version) : null);
    }

    /// <summary>RFC 9110, 5.6.2, as far as headers in use go.</summary>
    private static bool IsToken(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
