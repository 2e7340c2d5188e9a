using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace DynamicToolset.Service.Access;

/// <summary>
/// When a token ends by what it says itself, if it is a JWT (RFC 7519, section 4.1.4). Nothing of that is verified: it makes what is remembered of a token
/// that was accepted shorter, and never longer.
/// </summary>
internal static class TokenLife
{
    /// <summary>How long what is known of a token may be remembered; not above zero where it has ended.</summary>
    public static TimeSpan Shorten(TimeSpan longest, string token, DateTimeOffset now)
    {
        if (EndOf(token) is not { } end)
            return longest;
        double left = end - (now.ToUnixTimeMilliseconds() / 1000.0);
        return left < longest.TotalSeconds ? TimeSpan.FromSeconds(Math.Max(left, 0)) : longest;
    }

    /// <summary>In seconds since 1970; null where it says nothing that can be read.</summary>
    private static double? EndOf(string token)
    {
        if (token.Split('.') is not [_, var claims, _])
            return null;
        try
        {
            return EndIn(Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(claims)));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    private static double? EndIn(byte[] json)
    {
        double? end = null;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1 || !reader.ValueTextEquals("exp"u8) || !reader.Read())
                continue;
            // Of two the earlier one: what shortens is believed.
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double said))
                end = end < said ? end : said;
        }

        return end;
    }
}
