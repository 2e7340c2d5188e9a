namespace DynamicToolset.Discovery;

/// <summary>What the owner of a Service says of it by annotation.</summary>
public enum OwnerWish
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is to be a toolset.</summary>
    Toolset,

    /// <summary>It is to be left alone.</summary>
    OptOut,
}
