using DynamicToolset.Reconciliation;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.Reconciliation;

public sealed class ConfigMapSizeTests
{
    [Fact]
    public void Keys_and_values_count_as_UTF_8_whoever_wrote_them()
    {
        Assert.Equal(0, ConfigMapSize.Of(ConfigMaps.Empty));
        Assert.Equal("k".Length + 2, ConfigMapSize.Of(ConfigMaps.Empty.With("k", "é")));
        Assert.Equal("k".Length + 2 + "logo.png".Length + 30, ConfigMapSize.Of(ConfigMaps.Empty.With("k", "é").WithBinary("logo.png", 30)));
    }
}
