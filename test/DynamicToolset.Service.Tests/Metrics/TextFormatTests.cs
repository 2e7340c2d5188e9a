using DynamicToolset.Service.Metrics;

namespace DynamicToolset.Service.Tests.Metrics;

public sealed class TextFormatTests
{
    /// <summary>What Prometheus 2 and 3 send by default comes first.</summary>
    [Theory]
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", true)]
    [InlineData("text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;q=0.4", false)]
    [InlineData("application/openmetrics-text", true)]
    [InlineData("APPLICATION/OpenMetrics-Text; Version=\"1.0.0\"", true)]
    [InlineData("application/*", true)]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8", true)]
    [InlineData("application/openmetrics-text;version=0.0.1", false)]
    [InlineData("application/openmetrics-text;version=2.0.0, text/plain;q=0.1", false)]
    [InlineData("application/openmetrics-text, text/plain", false)]
    [InlineData("application/openmetrics-text;q=0, */*", false)]
    [InlineData("application/openmetrics-text;q=0.2, text/plain;q=0, */*;q=0.9", true)]
    [InlineData("text/*;q=0.1, application/openmetrics-text;q=0.2", true)]
    [InlineData("*/*", false)]
    [InlineData("text/html", false)]
    [InlineData("application/json", false)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData(";;, q=1,/", false)]
    public void The_format_is_the_one_that_is_wanted_more_and_text_where_neither_is(string? accept, bool isOpenMetrics) =>
        Assert.Same(isOpenMetrics ? TextFormat.OpenMetrics : TextFormat.Plain, TextFormat.WantedBy(accept));

    [Fact]
    public void Several_headers_are_one_list() =>
        Assert.Same(TextFormat.OpenMetrics, TextFormat.WantedBy(new(["text/plain;q=0.5", "application/openmetrics-text;version=1.0.0"])));

    [Fact]
    public void Types_are_told_to_the_letter()
    {
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", TextFormat.Plain.ContentType);
        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8", TextFormat.OpenMetrics.ContentType);
    }
}
