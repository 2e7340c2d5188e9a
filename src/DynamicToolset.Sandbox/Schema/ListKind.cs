namespace DynamicToolset.Sandbox.Schema;

/// <summary>How a list is merged, see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy.</summary>
internal enum ListKind
{
    /// <summary>As a whole.</summary>
    Atomic,

    /// <summary>Values, each at most once.</summary>
    Set,

    /// <summary>Items told apart by key fields.</summary>
    Associative,
}
