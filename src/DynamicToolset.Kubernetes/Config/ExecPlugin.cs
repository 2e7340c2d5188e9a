using System.Collections.Immutable;

namespace DynamicToolset.Kubernetes.Config;

/// <summary>A credential plugin, https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins.</summary>
/// <param name="Command">A path, or a name that is looked up in PATH.</param>
/// <param name="Environment">Set for the plugin in addition to this process's own variables.</param>
/// <param name="ApiVersion"><c>client.authentication.k8s.io/v1</c> or <c>…/v1beta1</c>.</param>
/// <param name="InstallHint">What the author of the kubeconfig says to a user who does not have the plugin; may be empty.</param>
/// <param name="ClusterJson">The cluster, as the plugin is told of it; null unless <c>provideClusterInfo</c> is set.</param>
/// <param name="Place">Where in which file it stands, for messages.</param>
public sealed record ExecPlugin(
    string Command,
    ImmutableArray<string> Arguments,
    ImmutableArray<KeyValuePair<string, string>> Environment,
    string ApiVersion,
    string InstallHint,
    string? ClusterJson,
    string Place);
