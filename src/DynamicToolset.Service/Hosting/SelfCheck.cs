namespace DynamicToolset.Service.Hosting;

/// <summary>One part of what a health path answers.</summary>
/// <param name="Name">Shown in the answer. It names a part of this program, nothing of the cluster: health paths are open to everybody.</param>
public sealed record SelfCheck(string Name, bool Passes);
