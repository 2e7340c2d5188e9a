using System.Collections.Immutable;
using static DynamicToolset.Sbom.PartOrigin;

namespace DynamicToolset.Sbom;

/// <summary>Where a part comes from, and by that how its version is known.</summary>
internal enum PartOrigin
{
    /// <summary>Pinned in <c>Directory.Packages.props</c>, or by the SDK.</summary>
    NuGet,

    /// <summary>A source package of Debian, as it was on the machine that linked.</summary>
    Debian,

    /// <summary>Inside of the .NET runtime, which is one package.</summary>
    Runtime,
}

/// <summary>What may be linked into the executable of the image: a part that is not listed stops its build.</summary>
/// <param name="Name">Of a package of the runtime without the architecture.</param>
/// <param name="License">An SPDX expression.</param>
/// <param name="Supplier">Who holds the copyright.</param>
internal sealed record KnownPart(string Name, PartOrigin Origin, string License, string Supplier, string Home, string Purpose)
{
    /// <summary>No file of the runtime says which brotli is in it; a test asks the library itself.</summary>
    public const string BrotliVersion = "1.1.0";

    public const string Runtime = "Microsoft.NETCore.App.Runtime.NativeAOT";

    public const string OwnLicense = "Apache-2.0";

    public static ImmutableArray<KnownPart> All { get; } =
    [
        new("DiffPlex", NuGet, "Apache-2.0", "Matthew Manela", "https://github.com/mmanela/diffplex", "`diff`: which lines differ"),
        new("OpenTelemetry", NuGet, "Apache-2.0", Telemetry, TelemetryHome, "traces and metrics for a collector"),
        new("OpenTelemetry.Api", NuGet, "Apache-2.0", Telemetry, TelemetryHome, "the same"),
        new("OpenTelemetry.Api.ProviderBuilderExtensions", NuGet, "Apache-2.0", Telemetry, TelemetryHome, "the same"),
        new("OpenTelemetry.Exporter.OpenTelemetryProtocol", NuGet, "Apache-2.0", Telemetry, TelemetryHome, "the same"),
        new("SharpYaml", NuGet, "MIT", "Alexandre Mutel", "https://github.com/xoofx/SharpYaml", "reads YAML"),
        new("System.CommandLine", NuGet, "MIT", Microsoft, "https://github.com/dotnet/command-line-api", "the command line"),
        new("Microsoft.AspNetCore.App.Runtime", NuGet, "MIT", Microsoft, "https://github.com/dotnet/aspnetcore", "the HTTP server"),
        new(Runtime, NuGet, "MIT", Microsoft, "https://github.com/dotnet/runtime", "the .NET runtime and its libraries"),
        new("zlib-ng", PartOrigin.Runtime, "Zlib", "Jean-loup Gailly, Mark Adler and others", "https://github.com/zlib-ng/zlib-ng", "gzip and deflate"),
        new("brotli", PartOrigin.Runtime, "MIT", "The Brotli Authors", "https://github.com/google/brotli", "brotli"),
        new("openssl", Debian, "Apache-2.0", "The OpenSSL Project", "https://www.openssl.org", "TLS"),
        new("glibc", Debian, "LGPL-2.1-or-later", "The GNU C Library's contributors", "https://www.gnu.org/software/libc/", "the C library"),
        new("gcc-12", Debian, "GPL-3.0-or-later WITH GCC-exception-3.1", "Free Software Foundation", "https://gcc.gnu.org", "the compiler's start-up code"),
    ];

    private const string Microsoft = "Microsoft";
    private const string Telemetry = "OpenTelemetry Authors";
    private const string TelemetryHome = "https://github.com/open-telemetry/opentelemetry-dotnet";

    /// <summary>One SPDX expression for all of it and the program itself, without a licence that another one repeats.</summary>
    public static string AllLicenses =>
        string.Join(" AND ", All.Select(part => part.License).Append(OwnLicense).Distinct().Order(StringComparer.Ordinal));

    /// <exception cref="InvalidDataException">It is not listed.</exception>
    public static KnownPart Of(string name) => All.FirstOrDefault(part => part.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InvalidDataException($"{name} is linked in and not listed: find its license and add it to eng/sbom/KnownPart.cs, then run make docs.");
}
