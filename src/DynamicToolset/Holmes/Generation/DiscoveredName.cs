using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace DynamicToolset.Holmes.Generation;

/// <summary>The name of an entry that HolmesGPT has no toolset for.</summary>
/// <param name="Word">A DNS label, other than <see cref="Inventory"/>'s where it is a backend's.</param>
internal sealed record DiscoveredName(string Word)
{
    /// <summary>The longest ending of a tool's name, <c>_get_dependencies</c>, has room behind it: a tool's name has at most 64 characters.</summary>
    public const int Longest = 36;

    public const string Family = Prefix + "/";

    private const string Prefix = "discovered";
    private const int HashLength = 8;

    public static DiscoveredName Inventory { get; } = new("inventory");

    /// <summary>In a family of our own, so that no later toolset of HolmesGPT has the same name.</summary>
    public string Entry => Family + Word;

    /// <summary>
    /// What HolmesGPT, too, makes of the entry's name where it names the tool itself. Labels have no <c>_</c>, so two words never give one
    /// name; and no ending of ours is the tail of another one, so two tools do not either.
    /// </summary>
    public string Tool(string ending) => $"{Prefix}_{Word.Replace('-', '_')}_{ending}";

    /// <summary>The names of these toolsets, which are all different: their own where it is short, else its beginning and a hash.</summary>
    public static ImmutableDictionary<string, DiscoveredName> For(IEnumerable<string> toolsets)
    {
        ILookup<bool, string> fits = toolsets.ToLookup(t => t.Length <= Longest && t != Inventory.Word);
        var names = fits[true].ToImmutableDictionary(t => t, t => new DiscoveredName(t), StringComparer.Ordinal).ToBuilder();
        HashSet<string> taken = [.. fits[true], Inventory.Word];
        foreach (string toolset in fits[false])
        {
            // Somebody may call a Service as the first shortened name is called.
            int attempt = 0;
            string word = Shortened(toolset, attempt);
            while (!taken.Add(word))
                word = Shortened(toolset, ++attempt);
            names.Add(toolset, new DiscoveredName(word));
        }

        return names.ToImmutable();
    }

    private static string Shortened(string toolset, int attempt)
    {
        string start = toolset[..Math.Min(toolset.Length, Longest - HashLength - 1)].TrimEnd('-');
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{toolset}/{attempt}")));
        return $"{start}-{hash[..HashLength]}";
    }
}
