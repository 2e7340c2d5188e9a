namespace DynamicToolset.Service.Probing;

/// <summary>Whose turn it is to be asked, the most urgent first.</summary>
internal enum Turn
{
    /// <summary>An endpoint that is new or asked in a new way. In a crowd it has little time, so that one that answers is not behind those that hang.</summary>
    FirstLook,

    /// <summary>Believed healthy: that it fails must be noticed, and does not wait behind those that failed already.</summary>
    Healthy,

    /// <summary>All others.</summary>
    Other,
}
