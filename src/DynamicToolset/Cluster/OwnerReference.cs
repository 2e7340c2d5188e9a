using DynamicToolset.Messages;

namespace DynamicToolset.Cluster;

/// <summary>
/// One entry of <c>metadata.ownerReferences</c> with all its fields, so that what others set can be written back as it was. See
/// https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/#ownerreference-v1-meta.
/// </summary>
/// <param name="Controller">Null where it is not set, which is not written as false.</param>
/// <param name="BlockOwnerDeletion">Null where it is not set.</param>
public sealed record OwnerReference(string ApiVersion, string Kind, string Name, string Uid, bool? Controller, bool? BlockOwnerDeletion)
{
    /// <summary>What a list of owners that is not as it should be is called among the drifted keys.</summary>
    public const string DriftKey = "ownerReferences";

    /// <summary>The reference to the Deployment that runs this program.</summary>
    public static OwnerReference ToDeployment(string name, string uid) =>
        new("apps/v1", "Deployment", name, uid, Controller: true, BlockOwnerDeletion: true);

    /// <summary>True where it means a Deployment of this name, whichever of those that ever had it.</summary>
    public bool IsToDeployment(string name) => Kind == "Deployment" && Name == name && ApiVersion.StartsWith("apps/", StringComparison.Ordinal);

    /// <summary>For people: the API server takes any text for either.</summary>
    public override string ToString() => $"{QuotedText.OrPlain(Kind)} {QuotedText.OrPlain(Name)}";
}
