using System.Collections.Immutable;
using System.Text;
using DynamicToolset.Backends;
using DynamicToolset.Cluster;
using DynamicToolset.Rules;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>A backend is healthy, but HolmesGPT will get nothing from it with its present toolset.</summary>
/// <param name="Verdict">Why: never <see cref="QuestionVerdict.Works"/> or <see cref="QuestionVerdict.Certificate"/>.</param>
/// <param name="Override">The line for <c>overrides.yaml</c> that mends it, with a reference to each of <paramref name="Variables"/>.</param>
/// <param name="Variables">
/// Of HolmesGPT's pod. They begin with a word of their own: whoever names a Service must not be able to have a variable sent that is there already.
/// </param>
/// <param name="IsOutside">The Service lies outside of CREDENTIALS_NAMESPACES, so that the line has to say where the reference goes.</param>
public sealed record Shortfall(
    QuestionVerdict Verdict, string Toolset, ObjectKey Service, string Override, ImmutableArray<string> Variables, bool IsOutside)
{
    /// <summary>The header that names a tenant, for Loki, Mimir, Cortex and Tempo.</summary>
    private const string TenantHeader = "X-Scope-OrgID";

    /// <summary>What it is for those that know no tenants: one that wants a tenant has none of this name.</summary>
    internal const string NoTenant = "anonymous";

    /// <summary>The problem, as the end of a sentence that begins with the toolset.</summary>
    public string Matter => Verdict switch
    {
        QuestionVerdict.Credentials => "answers and wants credentials",
        QuestionVerdict.Tenant => $"answers only requests that name a tenant in the header {TenantHeader}",
        QuestionVerdict.NoData => "answers but has no data",
        _ => throw new InvalidOperationException($"{Verdict} is no shortfall"),
    };

    /// <summary>What to do, to be read after the matter.</summary>
    public string Advice => Verdict == QuestionVerdict.NoData
        ? $"check what it is configured to collect, or write {Override} in {ToolsetKey.Overrides} until it has data"
        : $"write {Override} in {ToolsetKey.Overrides}, and give HolmesGPT's pod the {(Variables.Length == 1 ? "variable" : "variables")} {string.Join(" and ", Variables)}"
            + (Verdict == QuestionVerdict.Tenant ? " with the name of the tenant" : "")
            + (IsOutside ? $"; {Service.Namespace} is not one of CREDENTIALS_NAMESPACES, so the line must also say where {(Verdict == QuestionVerdict.Tenant ? "that" : "the secret")} goes" : "");

    /// <summary>In the order of the toolsets. What is switched off, leads elsewhere or has what is wanted already falls short of nothing.</summary>
    /// <param name="file">What is left out there does not reach HolmesGPT; null if no file is written, then everything counts.</param>
    /// <param name="met">What HolmesGPT meets at a backend; null where that is not known.</param>
    public static ImmutableArray<Shortfall> In(ImmutableArray<Toolset> toolsets, HolmesFile? file, Func<ToolsetSource.Service, QuestionVerdict?> met)
    {
        ImmutableArray<(Toolset Toolset, QuestionVerdict Verdict)> lacking =
        [
            .. from toolset in toolsets
               where toolset.IsEnabled
               let verdict = toolset.Source is ToolsetSource.Service service ? met(service) : null
               where verdict is QuestionVerdict.Credentials or QuestionVerdict.Tenant or QuestionVerdict.NoData
               select (toolset, verdict.Value),
        ];
        if (lacking.IsEmpty)
            return [];
        HashSet<(string, string)> leftOut = [.. (file?.LeftOut ?? []).Select(o => (o.Toolset, o.Path))];
        return [.. lacking.Select(l => Of(l.Toolset, l.Verdict, path => leftOut.Contains((l.Toolset.Name, path)))).OfType<Shortfall>()];
    }

    private static Shortfall? Of(Toolset toolset, QuestionVerdict verdict, Func<string, bool> isLeftOut)
    {
        var service = (ToolsetSource.Service)toolset.Source;
        // If an admin wrote another URL, it was not asked.
        if (Backend.TryRead(toolset, new LeftOut(toolset.Name)) is not { Check: { } check } backend)
            return null;
        string name = new StringBuilder().AppendWord(toolset.Name).ToString();
        // Even for no data: with credentials HolmesGPT may find what is hidden without.
        IEnumerable<string> given = verdict == QuestionVerdict.Tenant ? TenantsIn(backend.Config) : CredentialsIn(backend.Config);
        if (given.Any(path => !isLeftOut(path)))
            return null;
        if (verdict == QuestionVerdict.NoData)
            return new Shortfall(verdict, toolset.Name, service.Key, $"{name}: {{enabled: false}}", [], IsOutside: false);
        string start = $"TOOLSET_{toolset.Name.Replace('-', '_').ToUpperInvariant()}";
        (string config, ImmutableArray<string> variables) = verdict == QuestionVerdict.Tenant
            ? ($"headers: {{{TenantHeader}: '${{{start}_TENANT}}'}}", [$"{start}_TENANT"])
            : CredentialOf(backend.Kind, start);
        string url = service.GetsReferences ? "" : $"url: '{check.Endpoint}', ";
        return new Shortfall(verdict, toolset.Name, service.Key, $"{name}: {{config: {{{url}{config}}}}}", variables, !service.GetsReferences);
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
    private static IEnumerable<string> CredentialsIn(ToolsetValue.Map config) =>
    [
        .. config.Entries.Where(e => !HttpHeader.AreUnder(e.Key) && IsCredential(e)).Select(e => KeyPath.InConfig(e.Key)),
        .. HeadersIn(config).Where(h => !IsTenantHeader(h.Header.Key) && IsCredential(h.Header)).Select(h => h.Path),
    ];

    private static IEnumerable<string> TenantsIn(ToolsetValue.Map config) => HeadersIn(config)
        .Where(h => IsTenantHeader(h.Header.Key) && h.Header.Value is not (ToolsetValue.Nothing or ToolsetValue.Text { Value: NoTenant }))
        .Select(h => h.Path);

    private static IEnumerable<(string Path, KeyValuePair<string, ToolsetValue> Header)> HeadersIn(ToolsetValue.Map config) =>
        from entry in config.Entries
        where HttpHeader.AreUnder(entry.Key) && entry.Value is ToolsetValue.Map
        from header in ((ToolsetValue.Map)entry.Value).Entries
        select (KeyPath.Join(KeyPath.InConfig(entry.Key), header.Key), header);

    private static bool IsTenantHeader(string name) => name.Equals(TenantHeader, StringComparison.OrdinalIgnoreCase);

    private static bool IsCredential(KeyValuePair<string, ToolsetValue> entry) => entry.Value switch
    {
        ToolsetValue.Text { Value: var text } =>
            ConfigText.Read(text).HasReference || EnvReference.IsIn(text) || ConfigValueChecks.IsSecret(entry.Key, text),
        ToolsetValue.Number { Digits: var digits } => ConfigValueChecks.IsSecret(entry.Key, digits),
        _ => false,
    };
}
