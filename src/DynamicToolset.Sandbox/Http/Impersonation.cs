using DynamicToolset.Sandbox.Access;
using DynamicToolset.Sandbox.Resources;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox.Http;

/// <summary>
/// Requests in the name of another, as of <c>kubectl --as</c>
/// (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation).
/// </summary>
internal static class Impersonation
{
    /// <summary>Who the request is to be answered for: the user that it names, else the one who sends it.</summary>
    /// <exception cref="KubeStatusException">403: the sender may not speak for the other.</exception>
    public static KubeUser Become(HttpRequest request, KubeUser sender, RoleAuthorizer authorizer)
    {
        string name = request.Headers["Impersonate-User"].ToString();
        if (name.Length == 0)
            return sender;

        KubeUser wanted = Named(name);
        authorizer.Demand(sender, name.Split(':') is ["system", "serviceaccount", var place, var account]
            ? Impersonating("serviceaccounts", place, account)
            : Impersonating("users", "", name));
        string[] groups = [.. request.Headers["Impersonate-Group"].OfType<string>()];
        foreach (string group in groups)
            authorizer.Demand(sender, Impersonating("groups", "", group));

        return groups.Length == 0 ? wanted : wanted with { Groups = [.. groups.Append(KubeUser.Authenticated).Distinct()] };
    }

    private static KubeUser Named(string name) => name.Split(':') switch
    {
        ["system", "serviceaccount", var place, var account] => KubeUser.ServiceAccount(place, account, ""),
        ["system", "anonymous"] => KubeUser.Anonymous,
        _ => new KubeUser(name, "", [KubeUser.Authenticated]),
    };

    private static AccessRequest Impersonating(string resource, string place, string name) => new("impersonate", "", resource, "", place, name, "");
}
