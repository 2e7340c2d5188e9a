using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DynamicToolset.Service.Http;

/// <summary>An entity tag made of the content (RFC 9110, section 8.8.3), so the same wherever and whenever the content is.</summary>
internal static class ContentTag
{
    private const int Bytes = 16;

    /// <param name="isWeak">Two contents of one tag may differ in what does not count.</param>
    public static EntityTagHeaderValue Of(IEnumerable<ReadOnlyMemory<byte>> pieces, bool isWeak)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ReadOnlyMemory<byte> piece in pieces)
            hash.AppendData(piece.Span);
        return new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, Bytes))}\"", isWeak);
    }

    /// <summary>Whether who asks has what this tag is of, by <c>If-None-Match</c>.</summary>
    public static bool IsKnown(HttpRequest request, EntityTagHeaderValue tag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false));
}
