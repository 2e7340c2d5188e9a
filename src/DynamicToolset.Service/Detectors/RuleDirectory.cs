using System.Text;
using DynamicToolset.Rules;
using DynamicToolset.Yaml;

namespace DynamicToolset.Service.Detectors;

/// <summary>The directory of a user's rules: its <c>.yaml</c> and <c>.yml</c> files. A missing directory has none.</summary>
internal static class RuleDirectory
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The built-in rules with those of the directory, or all that is wrong with it.</summary>
    public static RuleSetReading Read(string path)
    {
        try
        {
            return BuiltInRules.With(Files(path).Select(f => new RuleFile(f, StrictUtf8.GetString(File.ReadAllBytes(f)))));
        }
        catch (DecoderFallbackException)
        {
            return Failed(path, "a file in it is no UTF-8 text");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Failed(path, $"cannot be read: {e.Message}");
        }
    }

    /// <summary>Names that start with a dot are the kubelet's, which swaps the links behind a mounted ConfigMap.</summary>
    private static IEnumerable<string> Files(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path)
            .Where(f => Path.GetFileName(f)[0] != '.' && Path.GetExtension(f) is ".yaml" or ".yml")
            .Order(StringComparer.Ordinal)
        : [];

    private static RuleSetReading Failed(string path, string problem) =>
        RuleSetReading.Failed([new RuleProblem(path, new YamlPosition(1, 1), problem)]);
}
