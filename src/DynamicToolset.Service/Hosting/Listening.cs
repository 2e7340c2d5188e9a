using System.Net;

namespace DynamicToolset.Service.Hosting;

/// <summary>Where the service answers.</summary>
public sealed record Listening(Uri Api, Uri Metrics)
{
    /// <param name="urls">In the order in which they were asked for.</param>
    internal static Listening Of(IEnumerable<string> urls) => urls.Select(Reachable).ToArray() switch
    {
        [var api, var metrics] => new Listening(api, metrics),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The address of "every address" is no address to connect to.</summary>
    private static Uri Reachable(string url)
    {
        var uri = new UriBuilder(url);
        if (IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? address) && (address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Any)))
            uri.Host = "localhost";
        return uri.Uri;
    }
}
