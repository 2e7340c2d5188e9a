namespace DynamicToolset.Service.Probing;

/// <summary>Whose turn it is to be checked, the most urgent first.</summary>
internal enum Turn
{
    /// <summary>An endpoint that is new or asked in a new way. In a crowd it has little time, so that one that answers is not behind those that hang.</summary>
    FirstLook,

    /// <summary>Believed healthy, or failing without delay: what becomes of it must be noticed, and does not wait behind those that hang.</summary>
    Prompt,

    /// <summary>Not healthy, and the last attempt took all its time.</summary>
    Hanging,
}
