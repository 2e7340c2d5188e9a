using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DynamicToolset.Cluster;
using DynamicToolset.Sandbox.Json;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Storage;

namespace DynamicToolset.Sandbox.Access;

/// <summary>The token of the administrator, and those of ServiceAccounts: random texts that are kept here and nowhere else.</summary>
internal sealed class BearerTokens(KubeStore store, TimeProvider time, string adminToken)
{
    /// <summary>The audience of tokens that are meant for this server.</summary>
    public const string ApiAudience = "https://kubernetes.default.svc.cluster.local";

    private const string Invalid = "invalid bearer token";
    private readonly byte[] _adminToken = Encoding.UTF8.GetBytes(adminToken);
    private readonly ConcurrentDictionary<string, Grant> _grants = new(StringComparer.Ordinal);

    /// <summary>
    /// The token of a header as kube-apiserver takes it: the second word, whatever follows. Null where there is none, and its sender is anonymous.
    /// </summary>
    public static string? In(string header)
    {
        string[] words = header.Trim().Split(' ', 3);
        return words is [_, { Length: > 0 } token, ..] && words[0].Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? token : null;
    }

    /// <exception cref="KubeStatusException">There is no such ServiceAccount.</exception>
    public (string Token, DateTimeOffset Expires) Issue(ObjectKey account, IReadOnlyList<string> audiences, TimeSpan lifetime)
    {
        JsonObject found = store.Get(KubeResource.ServiceAccounts, account) ?? throw KubeStatusException.NotFound(KubeResource.ServiceAccounts, account.Name);
        DateTimeOffset expires = time.GetUtcNow() + lifetime;
        string token = RandomNumberGenerator.GetHexString(64, lowercase: true);
        _grants[token] = new Grant(account, found.Child("metadata").Text("uid") ?? "", audiences, expires);
        return (token, expires);
    }

    /// <summary>A token is worth nothing once it has expired or its ServiceAccount is gone, even if another of that name has come.</summary>
    /// <param name="audiences">Who asks; a token for none of them is refused.</param>
    public TokenVerdict Judge(string token, IReadOnlyList<string> audiences)
    {
        if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), _adminToken))
            return new TokenVerdict(KubeUser.Admin, audiences, "");

        if (!_grants.TryGetValue(token, out Grant? grant))
            return Refuse(Invalid);

        if (grant.Expires <= time.GetUtcNow())
            return Refuse($"[{Invalid}, service account token has expired]");

        if (store.Get(KubeResource.ServiceAccounts, grant.Account).Child("metadata").Text("uid") != grant.Uid)
            return Refuse($"[{Invalid}, service account token has been invalidated]");

        string[] common = [.. audiences.Where(grant.Audiences.Contains)];
        return common.Length == 0
            ? Refuse($"[{Invalid}, token audiences {List(grant.Audiences)} is invalid for the target audiences {List(audiences)}]")
            : new TokenVerdict(KubeUser.ServiceAccount(grant.Account.Namespace, grant.Account.Name, grant.Uid), common, "");
    }

    private static TokenVerdict Refuse(string why) => new(null, [], why);

    private static string List(IReadOnlyList<string> texts) => $"[{string.Join(' ', texts.Select(text => $"\"{text}\""))}]";

    private sealed record Grant(ObjectKey Account, string Uid, IReadOnlyList<string> Audiences, DateTimeOffset Expires);
}

/// <summary>What a token is worth.</summary>
/// <param name="User">Null where the token proves nobody.</param>
/// <param name="Audiences">Those of the ones asked for that the token is meant for.</param>
/// <param name="Error">Why it proves nobody; empty where it does.</param>
internal sealed record TokenVerdict(KubeUser? User, IReadOnlyList<string> Audiences, string Error);
