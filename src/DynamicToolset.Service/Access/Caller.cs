using System.Security.Cryptography;
using System.Text;
using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Service.Access;

/// <summary>Somebody whom the API server knows.</summary>
internal sealed record Caller(UserInfo User)
{
    /// <summary>A hash of everything that an authorizer may use: the same for the same person, and different for anybody else.</summary>
    public string Fingerprint => field ??= Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>With the length before each part: none can pass for two.</summary>
    private string Text => string.Concat(Parts.Select(part => $"{part.Length}:{part}"));

    private IEnumerable<string> Parts =>
    [
        User.Name, User.Uid, $"{User.Groups.Length}", .. User.Groups, .. User.Extra.SelectMany(e => (string[])[e.Key, $"{e.Value.Length}", .. e.Value]),
    ];
}
