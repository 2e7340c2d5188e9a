using System.Collections.Immutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DynamicToolset.Sbom;

/// <summary>What the compiler and the linker were given, which is what is in the executable: no project file says all of it.</summary>
internal static partial class LinkInputs
{
    /// <summary>The parts by name.</summary>
    /// <param name="compiler">Lines of the file with the compiler's arguments.</param>
    /// <param name="archives">Lines of the linker's statistics: members, members taken, path.</param>
    /// <param name="system">Which source package an archive is of that the system brings: path, name, version and copyright file, between tabs.</param>
    /// <exception cref="InvalidDataException">A file belongs to no known part.</exception>
    public static ImmutableArray<LinkedPart> Read(IEnumerable<string> compiler, IEnumerable<string> archives, IEnumerable<string> system)
    {
        string[] taken = [.. archives.Skip(1).Select(line => line.Split('\t')).Where(line => line[1] != "0").Select(line => Path.GetFullPath(line[2]))];
        IEnumerable<string> references = compiler.Where(line => line.StartsWith("-r:", StringComparison.Ordinal)).Select(line => line["-r:".Length..]);
        var owners = system.Select(line => line.Split('\t')).ToLookup(line => line[0], line => (Name: line[1], Version: line[2], Copyright: line[3]));

        LinkedPart[] packages = [.. references.Concat(taken).Select(PackageFolder).OfType<string>().Distinct().Select(FromPackage)];
        LinkedPart runtime = packages.Single(part => part.Known.Name == KnownPart.Runtime);
        IEnumerable<LinkedPart> inside = taken.Where(path => path.StartsWith(runtime.Texts, StringComparison.Ordinal))
            .Select(path => InsideOfRuntime(path, runtime)).OfType<LinkedPart>();
        IEnumerable<LinkedPart> systems = taken.Where(path => PackageFolder(path) is null && !IsOfRuntime(path))
            .Select(path => owners[path].Any() ? owners[path].First() : throw new InvalidDataException($"{path} is linked in, and nobody says whose it is."))
            .Select(owner => new LinkedPart(KnownPart.Of(owner.Name), owner.Version, null, owner.Copyright));
        return [.. packages.Concat(inside).Concat(systems).DistinctBy(part => part.Purl).OrderBy(part => part.Known.Name, StringComparer.Ordinal)];
    }

    /// <summary>The runtime's shim before OpenSSL: it is compiled anew, from the runtime's own source.</summary>
    private static bool IsOfRuntime(string path) => path.EndsWith("/libSystem.Security.Cryptography.Native.OpenSsl.a", StringComparison.Ordinal);

    private static string? PackageFolder(string path) => InPackage().Match(path) is { Success: true } match ? match.Value : null;

    private static LinkedPart FromPackage(string folder)
    {
        string specification = Directory.EnumerateFiles(folder, "*.nuspec").Single();
        XElement metadata = XDocument.Load(specification).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        string Value(string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value ?? "";
        KnownPart known = KnownPart.Of(Architecture().Replace(Value("id"), ""));
        if (Value("license") != known.License)
            throw new InvalidDataException($"{Value("id")} says that its license is {Value("license")}; eng/sbom/KnownPart.cs says {known.License}.");
        return new LinkedPart(known, Value("version"), Sha512(folder), folder) { PackageId = Value("id") };
    }

    private static string Sha512(string folder) =>
        Convert.ToHexStringLower(Convert.FromBase64String(File.ReadAllText(Directory.EnumerateFiles(folder, "*.nupkg.sha512").Single())));

    private static LinkedPart? InsideOfRuntime(string archive, LinkedPart runtime) => Path.GetFileName(archive) switch
    {
        "libz.a" => new LinkedPart(KnownPart.Of("zlib-ng"), ZlibVersion(archive), null, runtime.Texts),
        "libbrotlienc.a" or "libbrotlidec.a" or "libbrotlicommon.a" => new LinkedPart(KnownPart.Of("brotli"), KnownPart.BrotliVersion, null, runtime.Texts),
        _ => null,
    };

    private static string ZlibVersion(string archive) =>
        ZlibBanner().Match(System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(archive))) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InvalidDataException($"{archive} does not say which zlib-ng it is.");

    [GeneratedRegex(@"^.*/packages/[^/]+/[0-9][^/]*/")]
    private static partial Regex InPackage();

    [GeneratedRegex(@"^runtime\.linux-(x64|arm64)\.|\.linux-(x64|arm64)$")]
    private static partial Regex Architecture();

    [GeneratedRegex(@" zlib-ng ([0-9]+\.[0-9]+\.[0-9]+)")]
    private static partial Regex ZlibBanner();
}
