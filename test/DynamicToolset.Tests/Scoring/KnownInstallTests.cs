using System.Collections.Immutable;
using System.Globalization;
using DynamicToolset.Discovery;
using DynamicToolset.Rules;
using DynamicToolset.Score;

namespace DynamicToolset.Tests.Scoring;

public sealed class KnownInstallTests(ITestOutputHelper output)
{
    private static readonly Detector Detector = new(BuiltInRules.All);

    public static TheoryData<string> Decidable => [.. KnownInstall.All.Where(i => i.Undecidable is null).Select(i => i.Name)];

    [Theory, MemberData(nameof(Decidable))]
    public void An_install_is_found_with_the_right_Services_and_no_other(string name)
    {
        KnownInstall install = KnownInstall.All.Single(i => i.Name == name);
        IEnumerable<string> wanted = install.Finds.Select(f => Line(f.Type, f.Url, install));
        IEnumerable<string> found = new NameResolver(BuiltInRules.All, [])
            .Resolve(Detector.DetectAll(install.Services).OfType<Detection.Matched>(), Incumbents.None)
            .Select(e => Line(e.Detection.Type, $"{e.Detection.Endpoint}", install));
        Assert.Equal(Sorted(wanted), Sorted(found));
    }

    [Fact]
    public void Of_all_known_installs_together_nearly_everything_is_found_and_nearly_nothing_else()
    {
        ImmutableArray<LabeledService> services = [.. KnownInstall.All.Where(i => i.Undecidable is null).SelectMany(i => i.Labeled())];
        Scorecard card = Scorecard.Of(Detector, services);
        output.WriteLine($"{services.Length} Services");
        foreach (TypeScore score in card.Types.Where(t => t.Backends > 0))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{score.Type}: {score.Backends} backends, recall {score.Recall:P1}, visible {score.VisibleRecall:P1}, precision {score.Precision:P1}, {score.ExactInstalls} of {score.Installs} installs"));
            Assert.InRange(score.VisibleRecall, 0.99, 1);
            Assert.InRange(score.Precision, 0.99, 1);
            Assert.Equal(score.Installs, score.ExactInstalls);
        }
    }

    /// <summary>Without this, a slip in a fixture would make it prove less, and nobody would notice.</summary>
    [Fact]
    public void What_an_install_should_find_is_one_of_its_Services()
    {
        Assert.All(KnownInstall.All, install => Assert.Equal(install.Finds.Length, install.Labeled().Count(s => s.Wanted is not null)));
        Assert.All(KnownInstall.All, install => Assert.Equal(install.Services.Length, install.Services.DistinctBy(s => s.Key).Count()));
        Assert.All(KnownInstall.All, install => Assert.All(install.SchemeShowsNowhere, name => Assert.Contains(install.Services, s => s.Key.Name == name)));
        Assert.Equal(KnownInstall.All.Length, KnownInstall.All.DistinctBy(i => i.Name).Count());
        Assert.InRange(KnownInstall.All.Sum(i => i.Services.Length), 150, int.MaxValue);
    }

    private static string Line(string type, string url, KnownInstall install)
    {
        bool isHidden = install.SchemeShowsNowhere.Any(name => url.Contains($"//{name}.", StringComparison.Ordinal));
        return $"{type} {(isHidden ? url[url.IndexOf("//", StringComparison.Ordinal)..] : url)}";
    }

    private static string Sorted(IEnumerable<string> lines) => string.Join('\n', lines.Order(StringComparer.Ordinal));
}
