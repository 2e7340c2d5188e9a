namespace DynamicToolset.Service.Options;

/// <summary>Who may do what on the REST API, once it is known who asks.</summary>
public enum AuthorizationMode
{
    /// <summary>Kubernetes decides, by SubjectAccessReview.</summary>
    Rbac,

    /// <summary>Whoever is authenticated may do everything.</summary>
    None,
}
