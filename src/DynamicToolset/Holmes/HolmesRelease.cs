namespace DynamicToolset.Holmes;

/// <summary>A state of HolmesGPT whose loaders were run.</summary>
internal enum HolmesRelease
{
    /// <summary>November 2025, commit c1ee1d43.</summary>
    Older,

    /// <summary>July 2026, commit 20c62adb.</summary>
    Newer,
}
