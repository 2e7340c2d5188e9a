using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using DynamicToolset.Testing;

namespace DynamicToolset.Service.Tests.Image;

/// <summary>The image as <c>make image</c> leaves it: an archive in the layout of https://github.com/opencontainers/image-spec.</summary>
internal sealed class BuiltImage
{
    private readonly Dictionary<string, byte[]> _files;

    private BuiltImage(string path)
    {
        Archive = path;
        _files = ReadTar(File.OpenRead(path)).Where(entry => entry.Content is not null).ToDictionary(entry => entry.Name, entry => entry.Content!);
        Manifest = Blob(Json("index.json")["manifests"]!.AsArray().Single()!);
        Configuration = Blob(Manifest["config"]!);
    }

    /// <summary>A path.</summary>
    public string Archive { get; }

    public JsonNode Manifest { get; }

    public JsonNode Configuration { get; }

    public JsonNode Settings => Configuration["config"]!;

    /// <summary>The commit that it was built from, or <c>unknown</c>.</summary>
    public string Revision => (string)Settings["Labels"]!["org.opencontainers.image.revision"]!;

    public string Digest => (string)Json("index.json")["manifests"]![0]!["digest"]!;

    private static string Architecture => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    /// <summary>Skips the test where none was built, except in CI.</summary>
    public static BuiltImage Find()
    {
        string folder = Path.Combine(RepositoryRoot.Path, "artifacts", "image");
        string? archive = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, $"*-linux-{Architecture}.oci.tar").SingleOrDefault() : null;
        Assert.SkipUnless(archive is not null || Environment.GetEnvironmentVariable("CI") == "true", "There is no image: run make image.");
        Assert.True(archive is not null, "There is no image: make image must run before the tests.");
        return new BuiltImage(archive);
    }

    /// <summary>The file beside the archive.</summary>
    public string Beside(string extension) => Archive.Replace(".oci.tar", extension, StringComparison.Ordinal);

    /// <summary>What a layer holds, in its order.</summary>
    public IReadOnlyList<Entry> Layer(int index)
    {
        byte[] compressed = _files[BlobPath((string)Manifest["layers"]![index]!["digest"]!)];
        return ReadTar(new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress));
    }

    private JsonNode Json(string path) => JsonNode.Parse(_files[path])!;

    private JsonNode Blob(JsonNode descriptor) => Json(BlobPath((string)descriptor["digest"]!));

    private static string BlobPath(string digest) => $"blobs/{digest.Replace(':', '/')}";

    private static List<Entry> ReadTar(Stream stream)
    {
        using Stream owned = stream;
        using var reader = new TarReader(owned);
        List<Entry> entries = [];
        while (reader.GetNextEntry() is { } entry)
            entries.Add(new Entry(entry.Name, entry.Mode, entry.Uid, entry.Gid, entry.ModificationTime, Bytes(entry.DataStream)));
        return entries;
    }

    private static byte[]? Bytes(Stream? content)
    {
        if (content is null)
            return null;
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <param name="Content">Null for what is no file.</param>
    internal sealed record Entry(string Name, UnixFileMode Mode, int User, int Group, DateTimeOffset Changed, byte[]? Content);
}
