using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using DynamicToolset.Sbom;
using DynamicToolset.Service.Observability;
using DynamicToolset.Service.Tests.EndToEnd;

namespace DynamicToolset.Service.Tests.Image;

/// <summary>What is in the image, without running it.</summary>
public sealed class ImageContentTests
{
    private const int ProgramHeaderBytes = 56, InterpreterHeader = 3, SymbolTable = 2, SectionHeaderBytes = 64;
    private readonly BuiltImage _image = BuiltImage.Find();

    [Fact]
    public void It_holds_the_executable_and_nothing_else()
    {
        Assert.Single(_image.Manifest["layers"]!.AsArray());
        BuiltImage.Entry file = Assert.Single(_image.Layer(0));
        Assert.Equal("dynamic-toolset", file.Name.TrimStart('.', '/'));
        Assert.Equal((0, 0, Convert.ToInt32("755", 8)), (file.User, file.Group, (int)file.Mode));
    }

    [Fact]
    public void Nobody_has_to_name_a_user_or_a_command()
    {
        Assert.Equal("65532:65532", (string?)_image.Settings["User"]);
        Assert.Equal(["/dynamic-toolset"], _image.Settings["Entrypoint"]!.AsArray().Select(word => (string?)word));
        Assert.Equal(["PATH=/"], _image.Settings["Env"]!.AsArray().Select(word => (string?)word));
        Assert.Equal(["run"], _image.Settings["Cmd"]!.AsArray().Select(word => (string?)word));
        Assert.Equal(["8080/tcp", "9090/tcp"], _image.Settings["ExposedPorts"]!.AsObject().Select(port => port.Key).Order());
    }

    [Fact]
    public void Its_labels_name_it_as_the_build_does()
    {
        Assert.Equal(
            [
                ("org.opencontainers.image.description", "Keeps the toolset configuration for HolmesGPT in a ConfigMap"),
                ("org.opencontainers.image.licenses", KnownPart.AllLicenses),
                ("org.opencontainers.image.title", "dynamic-toolset"),
                ("org.opencontainers.image.version", BuildInfo.Current.Version),
            ],
            Labels().Where(label => label.Name != "org.opencontainers.image.revision"));
        Assert.Matches("^([0-9a-f]{40}|unknown)$", _image.Revision);
    }

    [Fact]
    public void All_its_times_are_the_one_that_it_was_given()
    {
        DateTimeOffset created = DateTimeOffset.Parse((string)_image.Configuration["created"]!, CultureInfo.InvariantCulture);
        Assert.All(_image.Layer(0), entry => Assert.Equal(created, entry.Changed));
        Assert.All(
            _image.Configuration["history"]!.AsArray(),
            step => Assert.Equal(created, DateTimeOffset.Parse((string)step!["created"]!, CultureInfo.InvariantCulture)));
    }

    /// <summary>https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.intro.html.</summary>
    [Fact]
    public void The_executable_needs_no_library_and_has_no_symbols()
    {
        byte[] elf = _image.Layer(0)[0].Content!;
        Assert.DoesNotContain(InterpreterHeader, Types(elf, tableAt: 32, countAt: 56, ProgramHeaderBytes, typeAt: 0));
        Assert.DoesNotContain(SymbolTable, Types(elf, tableAt: 40, countAt: 60, SectionHeaderBytes, typeAt: 4));
    }

    [Fact]
    public void The_runtimes_tables_are_pages_of_the_executable() => ExecutableLayoutTests.HoldsItsTables(_image.Layer(0)[0].Content!);

    [Fact]
    public void The_list_of_parts_is_of_this_image()
    {
        string list = File.ReadAllText(_image.Beside(".cdx.json"));
        Assert.Contains(_image.Digest.Split(':')[1], list, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(_image.Layer(0)[0].Content!)), list, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pkg:nuget/SharpYaml@")]
    [InlineData("pkg:nuget/Microsoft.NETCore.App.Runtime.NativeAOT.linux-")]
    [InlineData("pkg:nuget/Microsoft.AspNetCore.App.Runtime.linux-")]
    [InlineData("pkg:deb/debian/openssl@3.")]
    [InlineData("pkg:deb/debian/glibc@2.")]
    [InlineData("pkg:generic/zlib-ng@2.")]
    [InlineData("pkg:generic/brotli@1.")]
    public void It_lists(string part) => Assert.Contains($"\"purl\": \"{part}", File.ReadAllText(_image.Beside(".cdx.json")), StringComparison.Ordinal);

    [Fact]
    public void Every_part_that_is_listed_has_its_license_text_beside_the_image()
    {
        string notices = File.ReadAllText(_image.Beside(".notices.txt"));
        var list = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(_image.Beside(".cdx.json")))!;
        Assert.All(
            list["components"]!.AsArray().Where(part => (string?)part!["type"] == "library"),
            part => Assert.Contains($"\n{part!["name"]} {part["version"]}\n====", notices, StringComparison.Ordinal));
    }

    private IEnumerable<(string Name, string Value)> Labels() =>
        _image.Settings["Labels"]!.AsObject().Select(label => (label.Key, (string)label.Value!)).OrderBy(label => label.Key, StringComparer.Ordinal);

    private static IEnumerable<int> Types(byte[] elf, int tableAt, int countAt, int bytes, int typeAt)
    {
        long table = BinaryPrimitives.ReadInt64LittleEndian(elf.AsSpan(tableAt));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(countAt));
        return Enumerable.Range(0, count).Select(i => BinaryPrimitives.ReadInt32LittleEndian(elf.AsSpan((int)table + (i * bytes) + typeAt)));
    }
}
