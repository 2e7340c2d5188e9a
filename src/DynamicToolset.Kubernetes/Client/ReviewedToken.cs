using System.Collections.Immutable;

namespace DynamicToolset.Kubernetes.Client;

/// <summary>What the API server says of a token.</summary>
/// <param name="User">Null where it proves nobody.</param>
/// <param name="Audiences">Those of the ones that were asked for; empty also where this API server knows nothing of audiences.</param>
/// <param name="IsForOthers">It proves nobody here, and seems to be meant for somebody else: good for a hint and no more.</param>
public sealed record ReviewedToken(UserInfo? User, ImmutableArray<string> Audiences, bool IsForOthers);

/// <summary>Who somebody is to the API server, https://kubernetes.io/docs/reference/access-authn-authz/authentication/.</summary>
/// <param name="Uid">Empty where there is none. Another ServiceAccount of the same name has another.</param>
/// <param name="Extra">What an authenticator says beside; an authorizer may go by it.</param>
public sealed record UserInfo(
    string Name, string Uid, ImmutableArray<string> Groups, ImmutableSortedDictionary<string, ImmutableArray<string>> Extra);
