namespace DynamicToolset.Sbom;

/// <summary>A part as it was linked in.</summary>
/// <param name="Sha512">Of the package, in hexadecimal; null if there is none.</param>
/// <param name="Texts">The folder in which its license texts lie; of a package of Debian its copyright file.</param>
internal sealed record LinkedPart(KnownPart Known, string Version, string? Sha512, string Texts)
{
    /// <summary>https://github.com/package-url/purl-spec.</summary>
    public string Purl => Known.Origin switch
    {
        PartOrigin.NuGet => $"pkg:nuget/{PackageId}@{Version}",
        PartOrigin.Debian => $"pkg:deb/debian/{Known.Name}@{Uri.EscapeDataString(Version)}?arch=source&distro=debian-12",
        _ => $"pkg:generic/{Known.Name}@{Version}",
    };

    /// <summary>With the architecture, as the registry has it.</summary>
    public string PackageId { get; init; } = Known.Name;
}
