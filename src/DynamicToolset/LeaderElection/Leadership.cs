using DynamicToolset.Messages;

namespace DynamicToolset.LeaderElection;

/// <summary>Whether this replica is the one that writes.</summary>
public abstract record Leadership
{
    private Leadership()
    {
    }

    public bool Leads => this is not Follower;

    /// <summary>There is no election, and no other replica.</summary>
    public sealed record Alone : Leadership;

    /// <param name="Fence">See <see cref="Term.Fence"/>.</param>
    public sealed record Leader(string Fence) : Leadership;

    /// <param name="Holder">The holder of the Lease; empty if there is none, or none is known.</param>
    public sealed record Follower(string Holder) : Leadership
    {
        /// <summary>The longest name of a pod and what we put behind it.</summary>
        private const int LongestName = 270;

        /// <summary>The holder as it may be shown: a stranger's identity may be of any length and of any characters.</summary>
        public string HolderShown => QuotedText.OrPlainUpTo(LongestName, Holder);
    }
}
