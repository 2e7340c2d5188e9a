using System.Text.RegularExpressions;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Architecture;

/// <summary>A reader who knows a type's name knows its file, and the other way round.</summary>
public sealed partial class SourceLayoutTests
{
    [Fact]
    public void A_file_is_called_after_its_first_type_in_the_namespace_of_its_folder()
    {
        string[] files =
        [
            .. Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))
                .Where(f => !f.Split('/').Any(folder => folder is "obj" or "bin")),
        ];
        Assert.True(files.Length > 100);
        string[] wrong = [.. files.Select(ProblemOf).Where(p => p is not null).Select(p => p!)];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    private static string? ProblemOf(string file)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, file));
        string[] types = [.. TypeLine().Matches(text).Select(m => m.Groups[1].Value).Distinct()];
        // Top-level statements and what is for the whole assembly belong to no type.
        if (types.Length == 0)
            return null;
        string folder = Path.GetDirectoryName(file)!["src/".Length..].Replace('/', '.');
        string ns = NamespaceLine().Match(text).Groups[1].Value;
        // X.Log.cs holds the log messages of X.
        string name = Path.GetFileName(file).Split('.')[0];
        return ns == folder && types[0] == name ? null : $"{file} holds {string.Join(", ", types)} in the namespace {ns}";
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    /// <summary>A type that stands at the left edge, whatever its accessibility.</summary>
    [GeneratedRegex(@"^(?:public |internal |file |static |sealed |abstract |readonly |ref |partial |unsafe )*(?:class|record class|record struct|record|struct|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeLine();
}
