using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DynamicToolset.Service.Access;

/// <summary>A token as it came in. Its text goes to the API server and nowhere else.</summary>
internal sealed partial class BearerToken
{
    private BearerToken(string text) => Text = text;

    public string Text { get; }

    /// <summary>What is kept of it, SHA-256: who reads our memory or a dump of it has no token by that.</summary>
    public string Hash => field ??= Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(Text)));

    /// <summary>
    /// By RFC 6750, section 2.1, to the letter. API servers read a token up to its first blank, and take one that begins with a blank for none, whose
    /// sender is <c>system:anonymous</c>: what we hash and what they judge must be the same.
    /// </summary>
    /// <param name="token">Null where there is none.</param>
    /// <param name="problem">What is wrong with what there is; null where nothing is, or nothing is there.</param>
    public static bool TryRead(HttpRequest request, [NotNullWhen(true)] out BearerToken? token, out string? problem)
    {
        StringValues headers = request.Headers.Authorization;
        token = null;
        problem = headers.Count > 1 ? "there is more than one Authorization header" : null;
        if (headers is not [{ Length: > 0 } header])
            return false;
        if (Form.Match(header) is not { Success: true } match)
        {
            problem = "the Authorization header is not \"Bearer\", one blank and a token";
            return false;
        }

        token = new BearerToken(match.Groups["token"].Value);
        return true;
    }

    public override string ToString() => nameof(BearerToken);

    [GeneratedRegex(@"\A[Bb][Ee][Aa][Rr][Ee][Rr] (?<token>[A-Za-z0-9._~+/-]+=*)\z")]
    private static partial Regex Form { get; }
}
