using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using DynamicToolset.Discovery;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Architecture;

/// <summary>What the compiled pure project refers to: the analyzer of banned symbols can be silenced in one line, this cannot.</summary>
public sealed class PureAssemblyTests
{
    private static readonly string[] Allowed =
    [
        "SharpYaml", "System.Collections", "System.Collections.Immutable", "System.Linq", "System.Memory", "System.Net.Primitives", "System.Runtime",
        "System.Runtime.InteropServices", "System.Security.Cryptography", "System.Text.Json", "System.Text.RegularExpressions", "System.Threading",
    ];

    [Fact]
    public void The_pure_assembly_refers_to_nothing_that_could_do_IO()
    {
        using var file = new PEReader(File.OpenRead(typeof(Detector).Assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        string[] references = [.. metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name))];
        Assert.Contains("System.Runtime", references);
        Assert.Empty(references.Except(Allowed));
    }

    [Fact]
    public void The_pure_assembly_uses_no_type_of_the_banned_ones()
    {
        string[] bans = [.. File.ReadLines(Path.Combine(Repository.Root, "src/DynamicToolset/BannedSymbols.txt")).Select(l => l.Split(';')[0])];
        string[] types = [.. bans.Where(b => b.StartsWith("T:", StringComparison.Ordinal)).Select(b => b[2..])];
        string[] namespaces = [.. bans.Where(b => b.StartsWith("N:", StringComparison.Ordinal)).Select(b => b[2..])];
        Assert.Contains("System.IO.File", types);
        Assert.Contains("System.Net.Sockets", namespaces);

        string[] used = [.. TypesUsed()];
        Assert.Contains("System.String", used);
        Assert.Empty(used.Intersect(types));
        Assert.DoesNotContain(used, u => namespaces.Any(n => u.StartsWith(n + ".", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> TypesUsed()
    {
        using var file = new PEReader(File.OpenRead(typeof(Detector).Assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        foreach (TypeReferenceHandle handle in metadata.TypeReferences)
        {
            TypeReference type = metadata.GetTypeReference(handle);
            yield return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
        }
    }
}
