using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace DynamicToolset.Sbom;

/// <summary>The licence texts of what is linked in, as the packages bring them.</summary>
internal static class Notices
{
    private const string Rule = "================================================================================";

    /// <exception cref="InvalidDataException">A part brings no text.</exception>
    public static string Render(ImmutableArray<LinkedPart> parts, string ownLicense)
    {
        var text = new StringBuilder("""
            What is in the executable dynamic-toolset, and under which license. The program itself is under the Apache License 2.0, at the end.

            The C library of GNU is linked statically. Its license lets you link the program with another one: the program's source is free, and its
            docs/image.md says how to build it. Debian's archives hold the source of the version that is named here.


            """);
        foreach (LinkedPart part in parts)
            text.Append(CultureInfo.InvariantCulture, $"  {part.PackageId} {part.Version}: {part.Known.License}, {part.Known.Supplier}, {part.Known.Home}\n");
        string mit = File.ReadAllText(Path.Combine(parts.Single(part => part.Known.Name == KnownPart.Runtime).Texts, "LICENSE.TXT"));
        foreach (LinkedPart part in parts)
            Append(text, $"{part.PackageId} {part.Version}", Texts(part, ownLicense, mit));
        Append(text, "dynamic-toolset", [ownLicense]);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string title, ImmutableArray<string> texts)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{Rule}\n{title}\n{Rule}\n\n");
        foreach (string part in texts)
            text.Append(part.ReplaceLineEndings("\n").TrimEnd()).Append("\n\n");
    }

    private static ImmutableArray<string> Texts(LinkedPart part, string apache, string mit)
    {
        if (part.Known.Origin == PartOrigin.Debian)
            return [File.ReadAllText(part.Texts)];
        if (part.Known.Origin == PartOrigin.Runtime)
            return ["Its license stands among the notices of the .NET runtime."];
        string[] files = [.. Directory.EnumerateFiles(part.Texts).Where(IsText).Order(StringComparer.Ordinal)];
        if (files.Length > 0)
            return [.. files.Select(File.ReadAllText)];
        string copyright = $"Copyright (c) {part.Known.Supplier}\n\n";
        return part.Known.License switch
        {
            // The package names its license and brings no text.
            "Apache-2.0" => [copyright + apache],
            "MIT" => [copyright + mit[mit.IndexOf("Permission is hereby granted", StringComparison.Ordinal)..]],
            _ => throw new InvalidDataException($"{part.PackageId} brings no license text."),
        };
    }

    private static bool IsText(string path) => Path.GetFileName(path) is { } name
        && (name.StartsWith("LICENSE", StringComparison.OrdinalIgnoreCase) || name.StartsWith("THIRD-PARTY", StringComparison.OrdinalIgnoreCase));
}
