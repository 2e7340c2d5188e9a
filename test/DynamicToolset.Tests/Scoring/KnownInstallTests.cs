namespace DynamicToolset.Tests.Scoring;

public sealed class KnownInstallTests
{
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
}
