using System.Collections.Immutable;
using DynamicToolset.Discovery;
using DynamicToolset.Rules;
using DynamicToolset.Score;

if (args is not [string corpus, .. string[] folders] || folders.Length > 1)
{
    Console.Error.WriteLine("usage: DynamicToolset.Score CORPUS [DETECTORS]    labeled Services, and a folder with rules that replace built-in ones");
    return 2;
}

try
{
    RuleSetReading rules = BuiltInRules.With(folders.SelectMany(RuleFilesIn));
    if (rules.RuleSet is null)
        throw new FormatException(string.Join(Environment.NewLine, rules.Problems));
    ImmutableArray<LabeledService> services = CorpusReader.Read(File.ReadLines(corpus));
    Console.Write(ScoreText.Print(Scorecard.Of(new Detector(rules.RuleSet), services)));
    return 0;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static IEnumerable<RuleFile> RuleFilesIn(string folder) =>
    Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal).Select(file => new RuleFile(file, File.ReadAllText(file)));
