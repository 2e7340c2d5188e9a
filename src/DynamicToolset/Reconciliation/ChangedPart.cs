namespace DynamicToolset.Reconciliation;

/// <summary>The part of a ConfigMap that a change is in.</summary>
public enum ChangedPart
{
    Data,

    BinaryData,

    Label,

    Annotation,

    Owner,
}
