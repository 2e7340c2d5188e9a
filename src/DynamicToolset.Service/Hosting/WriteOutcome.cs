using DynamicToolset.Cluster;
using DynamicToolset.Service.State;

namespace DynamicToolset.Service.Hosting;

/// <summary>What became of one plan.</summary>
internal abstract record WriteOutcome
{
    private WriteOutcome()
    {
    }

    /// <summary>Nothing had to be written.</summary>
    public sealed record InPlace : WriteOutcome;

    /// <param name="Present">The ConfigMap as the API server answered.</param>
    /// <param name="IsWhole">False where a part was held back.</param>
    public sealed record Written(ConfigMapRecord Present, ConfigMapWrite Write, bool IsWhole) : WriteOutcome;

    /// <summary>The API server does not let the owners be changed, and takes the same write without that.</summary>
    /// <param name="Error">What it said.</param>
    /// <param name="Rest">What became of the plan without them.</param>
    public sealed record OwnersRefused(string Error, WriteOutcome Rest) : WriteOutcome;

    /// <summary>Nothing was written, and what is not as it should be waits, since somebody else keeps undoing it.</summary>
    public sealed record HeldBack : WriteOutcome;

    /// <summary>The ConfigMap is no longer what the plan was made for: read it and plan again.</summary>
    public sealed record Outdated : WriteOutcome;

    /// <summary>It may not or could not be written; what stands there stays.</summary>
    public sealed record NotWritten : WriteOutcome;
}
