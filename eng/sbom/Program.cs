using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using DynamicToolset.Sbom;

// usage: DynamicToolset.Sbom NAME=VALUE...: writes what an image consists of, for eng/image/build.sh, which knows the values.
var given = args.Select(argument => argument.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
try
{
    ImmutableArray<LinkedPart> parts = LinkInputs.Read(
        File.ReadLines(given["compiler"]), File.ReadLines(given["archives"]), File.ReadLines(given["system"]));
    var list = new CycloneDx(
        given["version"],
        given["revision"],
        given["digest"],
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(given["executable"]))),
        given["architecture"],
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(given["built"], CultureInfo.InvariantCulture)),
        parts);
    File.WriteAllText(given["sbom"], list.Render());
    File.WriteAllText(given["notices"], Notices.Render(parts, File.ReadAllText(given["license"])));
    return 0;
}
catch (InvalidDataException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
