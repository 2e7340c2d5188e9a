using System.Globalization;

namespace DynamicToolset.LeaderElection;

/// <summary>The times of leader election. The names are client-go's.</summary>
/// <param name="Identity">Of this process and no other, ever: who finds it in the Lease takes the Lease for its own.</param>
/// <param name="LeaseDuration">Others take over a second before it has passed since they saw the last renewal.</param>
/// <param name="RenewDeadline">How long a renewal is good for. With the second it is shorter than <paramref name="LeaseDuration"/>.</param>
/// <param name="RetryPeriod">Between two renewals.</param>
public sealed record ElectionOptions(string Identity, TimeSpan LeaseDuration, TimeSpan RenewDeadline, TimeSpan RetryPeriod)
{
    /// <summary>The pod or host of which the identity is one process.</summary>
    public string Instance => InstanceOf(Identity);

    /// <summary>The pod or host of an identity.</summary>
    public static string InstanceOf(string identity) => identity.LastIndexOf('_') is > 0 and int end ? identity[..end] : identity;

    /// <param name="name">Of the pod or host.</param>
    public static string IdentityOf(string name, Random random) => string.Create(CultureInfo.InvariantCulture, $"{name}_{random.NextInt64():x16}");

    /// <summary>No call takes longer, however much time there is.</summary>
    public static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(10);

    /// <summary>How much sooner than LEASE_DURATION others take over, so that the take-over is over by then.</summary>
    public static readonly TimeSpan TakeOverMargin = TimeSpan.FromSeconds(1);
}
