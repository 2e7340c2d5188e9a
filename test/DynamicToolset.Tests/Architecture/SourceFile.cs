using System.Text.RegularExpressions;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Architecture;

/// <summary>A file below <c>src</c>, and the namespaces of its project that its code speaks of.</summary>
internal sealed partial class SourceFile
{
    private readonly string _code;

    private SourceFile(string path)
    {
        Path = path;
        string[] parts = path.Split('/');
        Project = parts[1];
        Folder = string.Join('/', parts[2..^1]);
        Text = File.ReadAllText(System.IO.Path.Combine(Repository.Root, path));
        _code = NoCode().Replace(Text, " ");
    }

    public static IReadOnlyList<SourceFile> All { get; } =
    [
        .. Directory.GetFiles(System.IO.Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(f => System.IO.Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))
            .Where(f => !f.Split('/').Any(folder => folder is "obj" or "bin")).Order(StringComparer.Ordinal).Select(f => new SourceFile(f)),
    ];

    /// <summary>From the root of the repository.</summary>
    public string Path { get; }

    public string Project { get; }

    /// <summary>Within the project; empty for the project's own.</summary>
    public string Folder { get; }

    public string Text { get; }

    /// <summary>X.Log.cs holds a part of X.</summary>
    public string Type => System.IO.Path.GetFileName(Path).Split('.')[0];

    /// <summary>A folder is used by a using, by a name that begins with it, or, when it is around this one, by the name of a type alone.</summary>
    public bool Uses(string folder, IReadOnlySet<string> types)
    {
        string within = Regex.Escape(folder.Replace('/', '.'));
        string whole = Regex.Escape($"{Project}.{folder.Replace('/', '.')}".TrimEnd('.'));
        if (folder.Length == 0 || Folder.StartsWith(folder + "/", StringComparison.Ordinal))
            return Names($@"(?<![\w.])(?:{whole}\.)?(\w+)", types);
        return Regex.IsMatch(_code, $@"^using (?:\w+ = )?{whole};", RegexOptions.Multiline)
            || Names($@"^using (?:static |\w+ = ){whole}\.(\w+);", types)
            || Names($@"(?<![\w.])(?:{Regex.Escape(Project)}\.)?{within}\.(\w+)", types);
    }

    private bool Names(string pattern, IReadOnlySet<string> types) =>
        Regex.Matches(_code, pattern, RegexOptions.Multiline).Any(match => types.Contains(match.Groups[1].Value));

    [GeneratedRegex("""//.*|/\*[\s\S]*?\*/|"{3,}[\s\S]*?"{3,}|@"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'""")]
    private static partial Regex NoCode();
}
