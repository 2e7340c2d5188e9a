using DynamicToolset.Holmes.Generation;
using DynamicToolset.Overrides;
using DynamicToolset.Reconciliation;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Pipeline;

/// <summary>
/// All that decides what is left out and what the ConfigMap says then. Equal where the content is, and then the outcome is equal too: each
/// part of it must compare by content.
/// </summary>
/// <param name="All">What there would be if there were room for all.</param>
/// <param name="Overrides">What they name is not left out.</param>
/// <param name="KeepsFile">True where the file for HolmesGPT stays as it is, there or not there.</param>
/// <param name="Holders">See <see cref="HolderAnnotation"/>.</param>
/// <param name="Holmes">How that file is made; null without HOLMES_FORMAT.</param>
public sealed record PackingInput(ToolsetList All, OverrideState Overrides, ConfigMapRoom Room, bool KeepsFile, string? Holders, HolmesProfile? Holmes);
