using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Overrides;

namespace DynamicToolset.Pipeline;

/// <summary>
/// What a ConfigMap was made with beside Services and overrides.yaml, as hashes: enough to tell that somebody else goes by something else, and by what.
/// </summary>
/// <param name="Parts">A short hash for each part: <c>rules</c>, or the name of a setting.</param>
public sealed record MadeWith(ImmutableSortedDictionary<string, string> Parts)
{
    /// <summary>Characters of a SHA-256 in hexadecimal digits: enough to find differences, not for security.</summary>
    private const int Digits = 12;

    /// <summary>So much of an annotation is looked at.</summary>
    private const int Longest = 1024;

    private static readonly ImmutableSortedDictionary<string, string> NoParts =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public static MadeWith Of(ToolsetPipeline pipeline, OverrideFiles files)
    {
        HolmesProfile? holmes = pipeline.Holmes;
        return new MadeWith(NoParts.AddRange(
        [
            KeyValuePair.Create("rules", pipeline.Rules.Fingerprint[..Digits]),
            Part("OVERRIDES_DIR", files.Fingerprint),
            Part("NAMESPACES", string.Join(',', pipeline.Namespaces.Order(StringComparer.Ordinal))),
            Part("PREFERRED_NAMESPACES", string.Join(',', pipeline.PreferredNamespaces)),
            Part("CLUSTER_DOMAIN", pipeline.ClusterDomain),
            Part("CREDENTIALS_NAMESPACES", string.Join(',', pipeline.Credentials.Namespaces.Order(StringComparer.Ordinal))),
            Part("HOLMES_FORMAT", holmes is null ? "false" : "true"),
            Part("HOLMES_TARGET", $"{holmes?.Target}"),
            Part("HOLMES_BASE_TOOLSETS", holmes is null ? "" : string.Join(',', holmes.BaseToolsets)),
            Part("HOLMES_CAPABILITIES", $"{holmes?.TellsCapabilities}"),
            // What HolmesGPT is told about certificates: other settings of the checks seldom affect it.
            Part("HEALTH_CHECK_CA_FILE", holmes is { TakesAnyCertificate: true } ? "none" : ""),
        ]));
    }

    /// <summary>As an annotation has it. What cannot be understood is nothing.</summary>
    public static MadeWith Parse(string text) => new(text.Length > Longest
        ? NoParts
        : NoParts.SetItems(text.Split(',').Select(p => p.Split('=')).Where(p => p.Length == 2).Select(p => KeyValuePair.Create(p[0], p[1]))));

    /// <summary>By name, of what both know.</summary>
    public IEnumerable<string> DifferencesTo(MadeWith other) =>
        Parts.Where(p => other.Parts.TryGetValue(p.Key, out string? theirs) && theirs != p.Value).Select(p => p.Key);

    /// <summary><c>HOLMES_FORMAT=b5bea41b6c62,rules=…</c>, on one line.</summary>
    public override string ToString() => string.Join(',', Parts.Select(p => $"{p.Key}={p.Value}"));

    private static KeyValuePair<string, string> Part(string name, string value) =>
        KeyValuePair.Create(name, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))[..Digits]);
}
