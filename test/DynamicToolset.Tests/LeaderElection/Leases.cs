using DynamicToolset.Cluster;
using DynamicToolset.LeaderElection;

namespace DynamicToolset.Tests.LeaderElection;

/// <summary>Leases, and times since the start of a test.</summary>
internal static class Leases
{
    public const string Me = "me_1", Other = "other_1";

    public static readonly ElectionOptions Options = new(Me, At(15), At(10), At(2));

    public static readonly DateTimeOffset Wall = DateTimeOffset.UnixEpoch;

    public static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <param name="holder">Empty for one of which nothing was ever said.</param>
    public static LeaseRecord HeldBy(string holder, int version = 1, string uid = "u", double seconds = 15) => new(
        new ObjectKey("n", "lease"),
        uid,
        $"{version}",
        holder.Length == 0 ? LeaseSpec.Empty : LeaseSpec.Empty.HeldBy(holder, At(seconds), Wall.AddSeconds(version)));
}
