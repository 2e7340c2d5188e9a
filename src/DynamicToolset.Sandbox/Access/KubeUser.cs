using System.Collections.Immutable;

namespace DynamicToolset.Sandbox.Access;

/// <summary>Who asks, see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#users-in-kubernetes.</summary>
internal sealed record KubeUser(string Name, string Uid, ImmutableArray<string> Groups)
{
    public const string Authenticated = "system:authenticated";
    private const string AccountPrefix = "system:serviceaccount:";
    private const string Masters = "system:masters";

    /// <summary>Who carries the token that the server was started with.</summary>
    public static KubeUser Admin { get; } = new("kubernetes-admin", "", [Masters, Authenticated]);

    /// <summary>Who shows nothing, see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests.</summary>
    public static KubeUser Anonymous { get; } = new("system:anonymous", "", ["system:unauthenticated"]);

    /// <summary>Whether everything is allowed whatever the roles say: the way back in when they are broken.</summary>
    public bool IsMaster => Groups.Contains(Masters);

    public static KubeUser ServiceAccount(string place, string name, string uid) =>
        new(NameOf(place, name), uid, ["system:serviceaccounts", $"system:serviceaccounts:{place}", Authenticated]);

    public static string NameOf(string place, string name) => $"{AccountPrefix}{place}:{name}";
}
