namespace DynamicToolset.HealthCheck;

/// <summary>What became of the token for a backend that wants one.</summary>
public enum TokenUse
{
    /// <summary>There is none for it.</summary>
    None,

    /// <summary>It was sent.</summary>
    Sent,

    /// <summary>The file cannot be read, or what stands there is no token.</summary>
    Unreadable,

    /// <summary>It was kept back: nobody vouches for who would have got it.</summary>
    Unverified,
}
