using System.Text;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Messages;
using DynamicToolset.Rules;
using DynamicToolset.Yaml;

namespace DynamicToolset.Service.Detectors;

/// <summary>The directory of a user's rules: its <c>.yaml</c> and <c>.yml</c> files.</summary>
/// <param name="path">Empty for none.</param>
/// <param name="isRequired">
/// False where a directory that is not there has no rules, true where that is a problem; once it was there, it always is.
/// </param>
public sealed class RuleDirectory(string path, bool isRequired)
{
    /// <summary>The kubelet swaps a mounted directory in an instant; one that differs this often is written to all the time.</summary>
    private const int MostReadings = 5;

    private const string Stays = "the last good rules stay in force; at the start the program ends with exit code 2";

    public static Bound MostFiles { get; } = new("DETECTORS_DIR", 1000, "files", Stays);

    /// <summary>A ConfigMap that is mounted there has 1 MiB.</summary>
    public static Bound Size { get; } = new("DETECTORS_DIR", 1024 * 1024, "bytes in all files together", Stays);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// What stands there at one moment. Files are read one after the other, and a mounted ConfigMap may be swapped between two of them:
    /// only what is read the same twice is one state of it.
    /// </summary>
    /// <param name="known">The hash of what was read before: reading that again needs no second look.</param>
    public RuleDirectoryContent Read(string known = "")
    {
        RuleDirectoryContent content = ReadOnce();
        for (int reading = 1; reading < MostReadings && content.Hash != known; reading++)
        {
            RuleDirectoryContent again = ReadOnce();
            if (again.Hash == content.Hash)
                return content;
            content = again;
        }

        return content.Hash == known ? content : Failed("the files change while they are read");
    }

    /// <summary>Names that start with a dot are the kubelet's, for the directories behind the links.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static IEnumerable<string> FilesIn(string directory) => Directory.EnumerateFiles(directory)
        .Where(f => Path.GetFileName(f)[0] != '.' && Path.GetExtension(f) is ".yaml" or ".yml")
        .Order(StringComparer.Ordinal);

    private bool _isRequired = isRequired;

    private RuleDirectoryContent ReadOnce()
    {
        if (path.Length == 0 || !(_isRequired || Directory.Exists(path)))
            return RuleDirectoryContent.Of([], []);
        try
        {
            string[] names = [.. FilesIn(path).Take((int)MostFiles.Most + 1)];
            if (names.Length > MostFiles.Most)
                return Failed($"more than {MostFiles}");
            _isRequired = true;
            long left = Size.Most;
            (RuleFile? File, RuleProblem? Problem)[] files = [.. names.Select(name => ReadFile(name, ref left))];
            return RuleDirectoryContent.Of(
                files.Select(f => f.File).OfType<RuleFile>(), files.Select(f => f.Problem).OfType<RuleProblem>());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Failed($"the directory cannot be read: {e.Message}");
        }
    }

    /// <param name="left">What may be read of this file and of those after it, in bytes.</param>
    private static (RuleFile? File, RuleProblem? Problem) ReadFile(string name, ref long left)
    {
        try
        {
            byte[] bytes = BoundedInput.ReadBytes(name, Size with { Most = left });
            left -= bytes.Length;
            return (new RuleFile(name, StrictUtf8.GetString(bytes)), null);
        }
        catch (InputTooLargeException)
        {
            return (null, Problem(name, $"with this file there are more than {Size}"));
        }
        catch (DecoderFallbackException)
        {
            return (null, Problem(name, "this is no UTF-8 text"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return (null, Problem(name, $"the file cannot be read: {e.Message}"));
        }
    }

    private RuleDirectoryContent Failed(string message) => RuleDirectoryContent.Of([], [Problem(path, message)]);

    private static RuleProblem Problem(string name, string message) => new(name, new YamlPosition(1, 1), message);
}
