using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Kubernetes.Config;

namespace DynamicToolset.Service.Probing;

/// <summary>Tokens for backends, each out of a file that somebody else replaces before it expires.</summary>
/// <param name="files">By their paths.</param>
public sealed partial class TokenFiles(ImmutableDictionary<string, RotatingFile> files)
{
    private readonly ConcurrentDictionary<string, string> _last = [];

    /// <summary>There is none.</summary>
    public static TokenFiles None { get; } = new(ImmutableDictionary<string, RotatingFile>.Empty);

    /// <returns>Null where the file is none of these, or never held a token. One that is half written leaves the last token in force.</returns>
    public string? Read(string path)
    {
        try
        {
            if (files.GetValueOrDefault(path)?.Read().Trim() is { } text && IsToken(text))
                _last[path] = text;
        }
        catch (KubeConfigException)
        {
            // It was taken away before it was read a second time.
        }

        return _last.GetValueOrDefault(path);
    }

    /// <summary>By RFC 6750, section 2.1: nothing that could end a header.</summary>
    public static bool IsToken(string text) => Grammar().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9._~+/-]+=*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
