using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DynamicToolset.Rules;

namespace DynamicToolset.Service.MountedFiles;

/// <summary>What one reading of a directory found.</summary>
/// <param name="Problems">Why something could not be read; what is in the files has its own.</param>
/// <param name="Hash">The same for the same content, whatever the times of the files say.</param>
public sealed record DirectoryContent(ImmutableArray<RuleFile> Files, ImmutableArray<RuleProblem> Problems, string Hash)
{
    internal static DirectoryContent Of(IEnumerable<RuleFile> files, IEnumerable<RuleProblem> problems)
    {
        ImmutableArray<RuleFile> read = [.. files];
        ImmutableArray<RuleProblem> failed = [.. problems];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string part in read.SelectMany(f => new[] { f.Name, f.Text }).Concat(failed.Select(p => p.ToString())))
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(part)));
        return new DirectoryContent(read, failed, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
