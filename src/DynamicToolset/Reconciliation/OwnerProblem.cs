namespace DynamicToolset.Reconciliation;

/// <summary>Why the owner of the ConfigMap is not as it should be, or not known.</summary>
public enum OwnerProblem
{
    /// <summary>There is no such Deployment, or it is being deleted.</summary>
    NoDeployment,

    /// <summary>The program runs in another namespace than the ConfigMap.</summary>
    OtherNamespace,

    /// <summary>The right to read the Deployment is missing.</summary>
    Forbidden,

    /// <summary>The API server does not let the owners be changed.</summary>
    Refused,

    /// <summary>Another object is the controller of the ConfigMap, and there can be one only.</summary>
    OtherController,
}
