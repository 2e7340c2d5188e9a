using System.Collections.Immutable;
using DynamicToolset.Capabilities;
using DynamicToolset.Holmes;

namespace DynamicToolset.Backends;

/// <summary>A kind of backend: all that is known of it beside the rule that finds it.</summary>
public sealed class BackendKind
{
    private readonly ImmutableArray<HolmesForm> _compat;
    private readonly ImmutableArray<HolmesForm> _current;

    /// <param name="compat">What it is in the file for HolmesGPT: either toolsets of HolmesGPT's own or one form that is none.</param>
    /// <param name="current">The same for newer releases.</param>
    /// <param name="sample">What the product answers to a GET of a path, where it is to be imitated.</param>
    internal BackendKind(
        string name, ImmutableArray<HolmesForm> compat, ImmutableArray<HolmesForm> current, Func<string, SampleResponse> sample)
    {
        (Name, _compat, _current, Sample) = (name, compat, current, sample);
    }

    /// <summary>The toolset type.</summary>
    public string Name { get; }

    public Func<string, SampleResponse> Sample { get; }

    /// <summary>The keys of a config that say where the backend is. HolmesGPT's own name comes first: who writes it means it.</summary>
    internal ImmutableArray<string> UrlKeys { get; init; } = ["url"];

    /// <summary>What else people write where its name is meant.</summary>
    internal ImmutableArray<string> Nicknames { get; init; } = [];

    /// <summary>The word before an API key in the header Authorization; null where the product does not say how its keys are sent.</summary>
    internal string? ApiKeyScheme { get; init; }

    /// <summary>
    /// The key of a config that takes credentials, whatever release of HolmesGPT reads it; null where they are a header, as for most products.
    /// </summary>
    internal string? CredentialKey { get; init; }

    /// <summary>Its credentials are the name of a user and a password, in the keys <c>username</c> and <c>password</c>.</summary>
    internal bool TakesUser { get; init; }

    /// <summary>What it says of itself, asked once in an interval; empty where nothing cheap is known that a model could use.</summary>
    public ImmutableArray<CapabilityQuestion> Capabilities { get; init; } = [];

    /// <summary>It does not speak HTTP: its URL is <c>tcp://host:port</c>, of which the scheme may be left out.</summary>
    internal bool IsTcp { get; init; }

    internal ImmutableArray<HolmesForm> FormsFor(HolmesTarget target) => target == HolmesTarget.Current ? _current : _compat;
}
