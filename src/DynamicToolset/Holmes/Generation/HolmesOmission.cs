namespace DynamicToolset.Holmes.Generation;

/// <summary>Something that the toolset keys have and the file for HolmesGPT has not.</summary>
/// <param name="Toolset">The toolset's name.</param>
/// <param name="Path">The place in the toolset, such as <c>config.headers</c>, fit for a terminal; empty where an entry of the file is not there, mostly the only one.</param>
/// <param name="Reason">Why, and what to write instead. Never a value: it may be a secret.</param>
public sealed record HolmesOmission(string Toolset, string Path, string Reason)
{
    public override string ToString() => Path.Length == 0 ? $"{Toolset}: {Reason}" : $"{Toolset}: {Path}: {Reason}";
}
