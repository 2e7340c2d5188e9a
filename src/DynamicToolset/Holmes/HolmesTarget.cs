namespace DynamicToolset.Holmes;

/// <summary>Which HolmesGPT the file <c>holmes-toolsets.yaml</c> is written for.</summary>
public enum HolmesTarget
{
    /// <summary>Only what the releases of late 2025 and of 2026 both load.</summary>
    Compat,

    /// <summary>Also what only newer releases load.</summary>
    Current,
}
