using System.Collections.Immutable;

namespace DynamicToolset.Score;

/// <summary>What a Service leads to.</summary>
/// <param name="IsPrimary">False for a further Service of a backend that is to be found by another one.</param>
/// <param name="IsSchemeVisible">False where no field of the Service shows the scheme, so that nothing but a request could tell.</param>
/// <param name="AlsoAcceptable">Types whose API it speaks too.</param>
public sealed record WantedBackend(
    string Type, string Scheme, int Port, bool IsPrimary, bool IsSchemeVisible, ImmutableArray<string> AlsoAcceptable);
