using System.Collections.Immutable;
using DynamicToolset.Cluster;

namespace DynamicToolset.HealthCheck;

/// <summary>
/// The ways in which an endpoint may be asked for its health: no others than what its Service shows, its owner says and its rule lists leave open. What a
/// backend answers only chooses among them.
/// </summary>
/// <param name="First">As the Service shows it; it is asked so before anything is known.</param>
public sealed record CheckWays(HealthCheckTarget First)
{
    private const string Https = "https";

    /// <summary>A longer one is no path of a list.</summary>
    private const int LongestLocation = 2048;

    /// <summary>Nothing says that it is plain HTTP, and nothing that it is not.</summary>
    public bool MayBeHttps { get; init; }

    /// <summary>The prefixes below which it may be served besides.</summary>
    public ImmutableArray<string> Prefixes { get; init; } = [];

    /// <summary>The file with the token for a backend that wants one; null where there is none for it.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Each once: what comes after one that stands there twice would never be tried.</summary>
    private IEnumerable<string> Paths => Prefixes.Prepend(First.Endpoint.Path).Distinct();

    /// <summary>Null where the form is not open.</summary>
    public HealthCheckTarget? In(EndpointForm form)
    {
        EndpointForm first = First.Endpoint.Form;
        if (form == first)
            return First;
        bool isOpen = (form.Scheme == first.Scheme || (MayBeHttps && form.Scheme == Https)) && Paths.Contains(form.Path);
        if (!isOpen)
            return null;
        string path = form.Path == first.Path ? First.Path : form.Path + First.Path;
        return First with { Endpoint = First.Endpoint.In(form), Path = path };
    }

    /// <summary>
    /// What to try where an endpoint does not pass. Never plain HTTP after https: what made it https may be what keeps others from listening.
    /// <code>
    /// the answer                                                       leads to
    /// cut off, no HTTP, or 400, to plain HTTP                          https
    /// 3xx with a Location below a prefix of the list                   that prefix; its host is not looked at
    /// 3xx with a Location of the same host with https                  https
    /// 404                                                              the next prefix of the list
    /// anything else                                                    nothing
    /// </code>
    /// </summary>
    /// <returns>Null where nothing is worth trying.</returns>
    public HealthCheckTarget? After(HealthCheckTarget asked, ProbeAnswer answer)
    {
        EndpointForm form = asked.Endpoint.Form;
        EndpointForm next = answer switch
        {
            _ when IsSignOfTls(answer) => form with { Scheme = Https },
            ProbeAnswer.Response { Status: >= 300 and < 400, Location: { Length: <= LongestLocation } location } => LedTo(asked, location),
            ProbeAnswer.Response { Status: 404 } => form with { Path = PathAfter(form.Path) },
            _ => form,
        };
        return next == form ? null : In(next);
    }

    /// <summary>
    /// Products and languages say it in different words, or in none: what proves https is the handshake, so a sign need be no more than worth one.
    /// </summary>
    public static bool IsSignOfTls(ProbeAnswer answer) => answer is ProbeAnswer.Response { Status: 400 } or ProbeAnswer.None { Why.IsCutOff: true };

    public bool Equals(CheckWays? other) =>
        other is not null && First == other.First && MayBeHttps == other.MayBeHttps && TokenFile == other.TokenFile
        && Prefixes.SequenceEqual(other.Prefixes);

    public override int GetHashCode() => HashCode.Combine(First, MayBeHttps, Prefixes.Length);

    private string PathAfter(string path)
    {
        string[] paths = [.. Paths];
        return paths[(Array.IndexOf(paths, path) + 1) % paths.Length];
    }

    private EndpointForm LedTo(HealthCheckTarget asked, string location)
    {
        EndpointForm form = asked.Endpoint.Form;
        if (!Uri.TryCreate(new Uri(asked.Url), location, out Uri? led))
            return form;
        string path = Prefixes.Where(p => IsBelow(led.AbsolutePath, p)).MaxBy(p => p.Length) ?? form.Path;
        bool isHttps = led.Scheme == Https && led.Host.Equals(asked.Endpoint.Host, StringComparison.OrdinalIgnoreCase);
        return new EndpointForm(isHttps ? Https : form.Scheme, path);
    }

    private static bool IsBelow(string path, string prefix) =>
        path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] == '/');
}
