using System.Text.Json.Nodes;
using System.Xml.Linq;
using DynamicToolset.Sbom;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.SupplyChain;

/// <summary>What is linked into the executable is known, with its license.</summary>
public sealed class LinkedPartTests
{
    private const string Files = "/packages/";

    /// <summary>They work while the program is built, and leave nothing in it.</summary>
    private static readonly string[] Tools = ["Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.DotNet.ILCompiler", "Microsoft.NET.ILLink.Tasks"];

    private static readonly IReadOnlyDictionary<string, string> Locked = ReadLockFile();

    public static TheoryData<string> Packages => [.. Locked.Keys];

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_is_listed_with_the_license_that_it_names_itself(string package)
    {
        string file = Path.Combine(PackageFolder(), package.ToLowerInvariant(), Locked[package], $"{package.ToLowerInvariant()}.nuspec");
        string license = XDocument.Load(file).Descendants().Single(element => element.Name.LocalName == "license").Value;
        Assert.Equal(license, KnownPart.Of(package).License);
    }

    [Fact]
    public void Nothing_is_listed_that_is_no_longer_used() => Assert.Equal(
        [],
        KnownPart.All.Where(part => part.Origin == PartOrigin.NuGet && !part.Name.Contains(".App.Runtime", StringComparison.Ordinal))
            .Select(part => part.Name).Except(Locked.Keys));

    [Fact]
    public void A_library_of_nobody_stops_the_build() => Assert.Contains(
        "/usr/lib/libodd.a is linked in, and nobody says whose it is",
        Assert.Throws<InvalidDataException>(() => LinkInputs.Read(RuntimeReference(), ["members\textracted\tarchive", "3\t1\t/usr/lib/libodd.a"], [])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_library_of_which_nothing_was_taken_is_no_part() => Assert.DoesNotContain(
        LinkInputs.Read(RuntimeReference(), ["members\textracted\tarchive", "3\t0\t/usr/lib/libodd.a"], []), part => part.Known.Origin == PartOrigin.Debian);

    [Fact]
    public void A_source_package_that_is_not_listed_stops_the_build() => Assert.Contains(
        "odd is linked in and not listed",
        Assert.Throws<InvalidDataException>(() => LinkInputs.Read(
            RuntimeReference(), ["members\textracted\tarchive", "3\t1\t/usr/lib/libodd.a"], ["/usr/lib/libodd.a\todd\t1.0\t/copyright"])).Message,
        StringComparison.Ordinal);

    /// <summary>The runtime says it nowhere, so its library is asked.</summary>
    [Fact]
    public async Task The_brotli_in_the_runtime_is_the_one_that_is_listed()
    {
        string native = Path.Combine(RuntimeFolder(), "runtimes", $"linux-{Architecture}", "native");
        using var folder = new TestFolder();
        string source = folder.Write("version.c", """
            #include <stdio.h>
            unsigned BrotliDecoderVersion(void);
            int main(void) { unsigned v = BrotliDecoderVersion(); printf("%u.%u.%u", v >> 24, v >> 12 & 0xFFF, v & 0xFFF); return 0; }
            """);
        string program = Path.Combine(folder.Path, "version");
        (int code, string output) = await new InstalledProgram("gcc").RunAsync(
            "", source, Path.Combine(native, "libbrotlidec.a"), Path.Combine(native, "libbrotlicommon.a"), "-o", program);
        Assert.True(code == 0, output);
        Assert.Equal((0, KnownPart.BrotliVersion), await new InstalledProgram(program).RunAsync(""));
    }

    private static string Architecture =>
        System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x64";

    private static string[] RuntimeReference() => [$"-r:{RuntimeFolder()}/runtimes/linux-{Architecture}/lib/net10.0/System.Runtime.dll"];

    /// <summary>There is one where the native executable was published.</summary>
    private static string RuntimeFolder()
    {
        string versions = Path.Combine(PackageFolder(), $"{KnownPart.Runtime}.linux-{Architecture}".ToLowerInvariant());
        bool isThere = Directory.Exists(versions);
        Assert.SkipUnless(isThere || Environment.GetEnvironmentVariable("CI") == "true", "Nothing is published: run make publish.");
        return Directory.EnumerateDirectories(versions).Order(StringComparer.Ordinal).Last();
    }

    private static string PackageFolder()
    {
        string assets = Path.Combine(RepositoryRoot.Path, "artifacts", "obj", "DynamicToolset.Service", "project.assets.json");
        string folder = JsonNode.Parse(File.ReadAllText(assets))!["packageFolders"]!.AsObject().First().Key;
        Assert.Contains(Files, folder, StringComparison.Ordinal);
        return folder;
    }

    private static Dictionary<string, string> ReadLockFile()
    {
        string path = Path.Combine(RepositoryRoot.Path, "src", "DynamicToolset.Service", "packages.lock.json");
        JsonObject packages = JsonNode.Parse(File.ReadAllText(path))!["dependencies"]!["net10.0"]!.AsObject();
        return packages.Where(package => (string?)package.Value!["type"] != "Project" && !Tools.Contains(package.Key))
            .ToDictionary(package => package.Key, package => (string)package.Value!["resolved"]!);
    }
}
