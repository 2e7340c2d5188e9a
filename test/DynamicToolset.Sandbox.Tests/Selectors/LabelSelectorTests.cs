using System.Collections.Frozen;
using DynamicToolset.Sandbox.Resources;
using DynamicToolset.Sandbox.Selectors;

namespace DynamicToolset.Sandbox.Tests.Selectors;

public sealed class LabelSelectorTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a=1", true)]
    [InlineData("a=1", "a=1", true)]
    [InlineData("a==1", "a=1", true)]
    [InlineData("a=1", "a=2", false)]
    [InlineData("a=1", "", false)]
    [InlineData("a=", "a=", true)]
    [InlineData("a!=1", "a=2", true)]
    [InlineData("a!=1", "", true)]
    [InlineData("a!=1", "a=1", false)]
    [InlineData("a", "a=1", true)]
    [InlineData("a", "", false)]
    [InlineData("!a", "", true)]
    [InlineData("! a", "a=1", false)]
    [InlineData("a in (1, 2)", "a=2", true)]
    [InlineData("a in (1,2)", "a=3", false)]
    [InlineData("a in ()", "a=", true)]
    [InlineData("a notin (1,2)", "a=3", true)]
    [InlineData("a notin (1,2)", "", true)]
    [InlineData("a notin (1,2)", "a=1", false)]
    [InlineData("a>5", "a=6", true)]
    [InlineData("a>5", "a=5", false)]
    [InlineData("a<5", "a=4", true)]
    [InlineData("a<5", "a=x", false)]
    [InlineData("x.io/a-b_c=1.2", "x.io/a-b_c=1.2", true)]
    [InlineData("a=1,b in (2,3),!c", "a=1,b=3", true)]
    [InlineData("a=1,b in (2,3),!c", "a=1,b=3,c=4", false)]
    [InlineData(" a = 1 , b ", "a=1,b=2", true)]
    [InlineData("in=1", "in=1", true)]
    public void A_selector_means_what_the_labels_page_says(string selector, string labels, bool matches)
    {
        FrozenDictionary<string, string> given = labels
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .ToFrozenDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(matches, LabelSelector.Parse(selector).Matches(given));
    }

    [Theory]
    [InlineData("=")]
    [InlineData("==1")]
    [InlineData("a in 1")]
    [InlineData("a in (1")]
    [InlineData("a b")]
    [InlineData("a=1,")]
    [InlineData(",a=1")]
    [InlineData("a=b c")]
    public void A_text_that_is_no_selector_is_refused(string selector)
    {
        KubeStatusException error = Assert.Throws<KubeStatusException>(() => LabelSelector.Parse(selector));
        Assert.Equal(400, error.Code);
    }
}
