namespace DynamicToolset.Tests.Properties;

internal enum TamperingKind
{
    OurKeyMissing,
    OurKeyModified,
    ExtraKey,
    ForeignKey,
    OurKeyInBinaryData,
    ForeignBinaryData,
    OverridesInBinaryData,
    OverridesRemoved,
    OverridesReplaced,
    OurLabelGone,
    OurLabelChanged,
    ForeignLabel,
    OurAnnotationAdded,
    ForeignAnnotation,
    OurOwnerGone,
    OurOwnerStale,
    ForeignOwner,
    ForeignController,
    Immutable,
}
