namespace DynamicToolset.Sandbox.Http;

/// <summary>The forms in which objects are answered.</summary>
internal enum AcceptedFormat
{
    Json,

    /// <summary>Rows and columns, as <c>kubectl get</c> prints them.</summary>
    Table,

    /// <summary>The metadata alone.</summary>
    PartialObjectMetadata,
}
