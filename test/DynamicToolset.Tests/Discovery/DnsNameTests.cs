using DynamicToolset.Cluster;

namespace DynamicToolset.Tests.Discovery;

public sealed class DnsNameTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("0", true)]
    [InlineData("a-b", true)]
    [InlineData("a--b", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("-", false)]
    [InlineData("A", false)]
    [InlineData("a.b", false)]
    [InlineData("a_b", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("a/b", false)]
    [InlineData("é", false)]
    [InlineData("١", false)]
    [InlineData("ａ", false)]
    public void A_label_is_of_small_letters_digits_and_inner_dashes(string text, bool isLabel) => Assert.Equal(isLabel, DnsName.IsLabel(text));

    [Theory]
    [InlineData("cluster.local", true)]
    [InlineData("local", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("a..b", false)]
    [InlineData(".a", false)]
    [InlineData("a.", false)]
    [InlineData("a.-b", false)]
    public void A_domain_is_labels_joined_by_dots(string text, bool isDomain) => Assert.Equal(isDomain, DnsName.IsDomain(text));

    [Fact]
    public void A_label_has_at_most_63_characters_and_a_domain_253()
    {
        string label = new('a', 63);
        Assert.True(DnsName.IsLabel(label));
        Assert.False(DnsName.IsLabel(label + "a"));
        string domain = string.Join('.', Enumerable.Repeat(new string('a', 62), 4)) + ".b";
        Assert.Equal(253, domain.Length);
        Assert.True(DnsName.IsDomain(domain));
        Assert.False(DnsName.IsDomain(domain + "b"));
    }
}
