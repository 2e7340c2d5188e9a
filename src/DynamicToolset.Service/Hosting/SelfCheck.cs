namespace DynamicToolset.Service.Hosting;

/// <summary>One part of what a health path answers.</summary>
/// <param name="Name">Shown in the answer. It names a part of this program: health paths are open to everybody.</param>
/// <param name="Detail">A right that is missing and the manifest that grants it, or who leads, and nothing else of the cluster; null where there is nothing to say.</param>
public sealed record SelfCheck(string Name, bool Passes, string? Detail = null);
