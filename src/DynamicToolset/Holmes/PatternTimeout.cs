namespace DynamicToolset.Holmes;

/// <summary>The time that a pattern may take.</summary>
internal static class PatternTimeout
{
    /// <summary>
    /// Patterns here go over a text once or nearly so. Said outright: where nothing is said the generated code asks AppContext, and this
    /// project asks nobody.
    /// </summary>
    public const int None = Timeout.Infinite;
}
