using System.Collections.Immutable;
using System.Text;
using DynamicToolset.Backends;
using DynamicToolset.Cluster;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>Credentials that a backend wants, and that HolmesGPT is not given.</summary>
/// <param name="Override">The line for <c>overrides.yaml</c> that gives them, with a reference to each of <paramref name="Variables"/>.</param>
/// <param name="Variables">
/// Of HolmesGPT's pod. They begin with a word of their own: whoever names a Service must not be able to have a variable sent that is there already.
/// </param>
/// <param name="IsOutside">The Service lies outside of CREDENTIALS_NAMESPACES, so that the line has to say where the secret goes.</param>
public sealed record MissingCredentials(string Toolset, ObjectKey Service, string Override, ImmutableArray<string> Variables, bool IsOutside)
{
    /// <summary>What to do, to be read after what wants them.</summary>
    public string Advice => $"write {Override} in {ToolsetKey.Overrides}, and give HolmesGPT's pod the {(Variables.Length == 1 ? "variable" : "variables")} {string.Join(" and ", Variables)}"
        + (IsOutside ? $"; {Service.Namespace} is not one of CREDENTIALS_NAMESPACES, so the line has to say where the secret goes" : "");

    /// <summary>In the order of the toolsets. What is switched off, leads elsewhere or has credentials already misses none.</summary>
    /// <param name="file">What is left out there does not reach HolmesGPT; null where none is made, and then whatever is written counts.</param>
    /// <param name="wants">Whether the backend wants credentials.</param>
    public static ImmutableArray<MissingCredentials> In(ImmutableArray<Toolset> toolsets, HolmesFile? file, Func<ToolsetSource.Service, bool> wants)
    {
        ImmutableArray<Toolset> wanting =
            [.. toolsets.Where(t => t is { IsEnabled: true, Source: ToolsetSource.Service service } && wants(service))];
        if (wanting.IsEmpty)
            return [];
        HashSet<(string, string)> leftOut = [.. (file?.LeftOut ?? []).Select(o => (o.Toolset, o.Path))];
        return [.. wanting.Select(t => Of(t, path => leftOut.Contains((t.Name, path)))).OfType<MissingCredentials>()];
    }

    private static MissingCredentials? Of(Toolset toolset, Func<string, bool> isLeftOut)
    {
        var service = (ToolsetSource.Service)toolset.Source;
        // Where an admin wrote another URL the check says nothing of that.
        if (Backend.TryRead(toolset, new LeftOut(toolset.Name)) is not { Check: { } check } backend)
            return null;
        if (CredentialsIn(backend.Config).Any(path => !isLeftOut(path)))
            return null;
        (string credential, ImmutableArray<string> variables) = CredentialOf(backend.Kind, $"TOOLSET_{toolset.Name.Replace('-', '_').ToUpperInvariant()}");
        string url = service.GetsReferences ? "" : $"url: '{check.Endpoint}', ";
        string name = new StringBuilder().AppendWord(toolset.Name).ToString();
        return new MissingCredentials(toolset.Name, service.Key, $"{name}: {{config: {{{url}{credential}}}}}", variables, !service.GetsReferences);
    }

    /// <summary>In single quotes, which a line of JSON shows as they are: it will be copied from there.</summary>
    private static (string Credential, ImmutableArray<string> Variables) CredentialOf(BackendKind kind, string start)
    {
        if (kind.TakesUser)
            return ($"username: '${{{start}_USERNAME}}', password: '${{{start}_PASSWORD}}'", [$"{start}_USERNAME", $"{start}_PASSWORD"]);
        return kind.CredentialKey is { } key
            ? ($"{key}: '${{{start}_API_KEY}}'", [$"{start}_API_KEY"])
            : ($"headers: {{Authorization: 'Bearer ${{{start}_TOKEN}}'}}", [$"{start}_TOKEN"]);
    }

    /// <summary>The places of what a name or a reference to the environment says to be one.</summary>
    private static IEnumerable<string> CredentialsIn(ToolsetValue.Map config) => config.Entries.SelectMany(e => e.Value switch
    {
        ToolsetValue.Map headers when HttpHeader.AreUnder(e.Key) =>
            headers.Entries.Where(IsCredential).Select(h => KeyPath.Join(KeyPath.InConfig(e.Key), h.Key)),
        _ => IsCredential(e) ? [KeyPath.InConfig(e.Key)] : [],
    });

    private static bool IsCredential(KeyValuePair<string, ToolsetValue> entry) => entry.Value switch
    {
        ToolsetValue.Text { Value: var text } =>
            ConfigText.Read(text).HasReference || EnvReference.IsIn(text) || ConfigValueChecks.IsSecret(entry.Key, text),
        ToolsetValue.Number { Digits: var digits } => ConfigValueChecks.IsSecret(entry.Key, digits),
        _ => false,
    };
}
