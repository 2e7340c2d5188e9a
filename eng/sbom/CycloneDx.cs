using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DynamicToolset.Sbom;

/// <summary>What an image consists of, in the format of https://cyclonedx.org/docs/1.6/json/. The same parts give the same bytes.</summary>
/// <param name="Digest">Of the image's manifest: <c>sha256:</c> and hexadecimal digits.</param>
/// <param name="ExecutableSha256">In hexadecimal.</param>
/// <param name="Architecture">As OCI calls it.</param>
internal sealed record CycloneDx(
    string Version, string Revision, string Digest, string ExecutableSha256, string Architecture, DateTimeOffset Built, ImmutableArray<LinkedPart> Parts)
{
    private const string Name = "dynamic-toolset";
    private const string Executable = "executable";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string ImagePurl => $"pkg:oci/{Name}@{Uri.EscapeDataString(Digest)}?arch={Architecture}&tag={Version}";

    public string Render()
    {
        var root = new JsonObject
        {
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["serialNumber"] = $"urn:uuid:{SerialNumber()}",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["timestamp"] = Built.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["lifecycles"] = new JsonArray(new JsonObject { ["phase"] = "build" }),
                ["tools"] = new JsonObject
                {
                    ["components"] = new JsonArray(new JsonObject { ["type"] = "application", ["name"] = "DynamicToolset.Sbom", ["version"] = Version }),
                },
                ["component"] = new JsonObject
                {
                    ["type"] = "container",
                    ["bom-ref"] = "image",
                    ["name"] = Name,
                    ["version"] = Version,
                    ["hashes"] = Hash("SHA-256", Digest["sha256:".Length..]),
                    ["licenses"] = Licenses(KnownPart.AllLicenses),
                    ["purl"] = ImagePurl,
                },
            },
            ["components"] = new JsonArray([Application(), .. Parts.Select(Component)]),
            ["dependencies"] = new JsonArray(
                [DependsOn("image", [Executable]), DependsOn(Executable, Parts.Select(part => part.Purl)), .. Parts.Select(part => DependsOn(part.Purl, []))]),
            ["compositions"] = new JsonArray(new JsonObject { ["aggregate"] = "complete", ["assemblies"] = new JsonArray("image", Executable) }),
        };
        return root.ToJsonString(Readable) + "\n";
    }

    private JsonObject Application() => new()
    {
        ["type"] = "application",
        ["bom-ref"] = Executable,
        ["name"] = Name,
        ["version"] = Version,
        ["hashes"] = Hash("SHA-256", ExecutableSha256),
        ["licenses"] = Licenses(KnownPart.OwnLicense),
        ["properties"] = new JsonArray(new JsonObject { ["name"] = "revision", ["value"] = Revision }),
    };

    private static JsonObject Component(LinkedPart part)
    {
        var component = new JsonObject
        {
            ["type"] = "library",
            ["bom-ref"] = part.Purl,
            ["supplier"] = new JsonObject { ["name"] = part.Known.Supplier },
            ["name"] = part.PackageId,
            ["version"] = part.Version,
            ["description"] = part.Known.Purpose.Replace("`", "", StringComparison.Ordinal),
            ["licenses"] = Licenses(part.Known.License),
            ["purl"] = part.Purl,
            ["externalReferences"] = new JsonArray(new JsonObject { ["type"] = "website", ["url"] = part.Known.Home }),
        };
        if (part.Sha512 is { } hash)
            component.Insert(6, "hashes", Hash("SHA-512", hash));
        return component;
    }

    private static JsonArray Hash(string algorithm, string content) => new(new JsonObject { ["alg"] = algorithm, ["content"] = content });

    private static JsonArray Licenses(string expression) => new(
        expression.Contains(' ', StringComparison.Ordinal)
            ? new JsonObject { ["expression"] = expression }
            : new JsonObject { ["license"] = new JsonObject { ["id"] = expression } });

    private static JsonObject DependsOn(string part, IEnumerable<string> parts) =>
        new() { ["ref"] = part, ["dependsOn"] = new JsonArray([.. parts.Select(p => JsonValue.Create(p))]) };

    /// <summary>Of the image, so that a second build of it has the same: a UUID of version 8, which leaves open what it is made of.</summary>
    private Guid SerialNumber()
    {
        byte[] bytes = SHA256.HashData(Encoding.UTF8.GetBytes(ImagePurl))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
