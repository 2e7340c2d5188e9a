using DynamicToolset.Cluster;

namespace DynamicToolset.Rounds;

/// <summary>Something that has happened and is reported once. What lasts is a <see cref="Problem"/>.</summary>
/// <param name="Service">The Service that it is about; null for the ConfigMap.</param>
/// <param name="Detail">For people: what has happened, and what to do.</param>
public sealed record Notice(NoticeKind Kind, ObjectKey? Service, string Detail)
{
    /// <summary>Of the Service; empty for the ConfigMap.</summary>
    public string ServiceUid { get; init; } = "";
}

/// <summary>What has happened.</summary>
public enum NoticeKind
{
    /// <summary>Somebody else changed what is generated, and it was set back.</summary>
    DriftRepaired,

    /// <summary>A backend does not pass its check any more, and its toolset went for that.</summary>
    BackendUnhealthy,

    /// <summary>A backend says that it is something else, which has no toolset, and what it was taken for went.</summary>
    BackendIsOther,
}
