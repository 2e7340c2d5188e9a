using DynamicToolset.Configuration;
using DynamicToolset.Testing;

namespace DynamicToolset.Tests.Configuration;

public sealed class GoDurationTests
{
    private const long Microsecond = TimeSpan.TicksPerMicrosecond;
    private const long Millisecond = TimeSpan.TicksPerMillisecond;
    private const long Second = TimeSpan.TicksPerSecond;
    private const long Minute = TimeSpan.TicksPerMinute;
    private const long Hour = TimeSpan.TicksPerHour;

    [Theory]
    [InlineData("0", 0)]
    [InlineData("+0", 0)]
    [InlineData("0s", 0)]
    [InlineData("0h0m0s", 0)]
    [InlineData("5s", 5 * Second)]
    [InlineData("+5s", 5 * Second)]
    [InlineData("005s", 5 * Second)]
    [InlineData("5m", 5 * Minute)]
    [InlineData("1m30s", 90 * Second)]
    [InlineData("30s1m", 90 * Second)]
    [InlineData("1s1s", 2 * Second)]
    [InlineData("500ms", 500 * Millisecond)]
    [InlineData("1.5h", 90 * Minute)]
    [InlineData("1.0s", Second)]
    [InlineData("1.s", Second)]
    [InlineData(".5s", Second / 2)]
    [InlineData("1.004s", 1004 * Millisecond)]
    [InlineData("100.00100s", (100 * Second) + Millisecond)]
    [InlineData("10us", 10 * Microsecond)]
    [InlineData("10µs", 10 * Microsecond)]
    [InlineData("10μs", 10 * Microsecond)]
    [InlineData("100ns", 1)]
    [InlineData("199ns", 1)]
    [InlineData("99ns", 0)]
    [InlineData("60ns60ns", 1)]
    [InlineData("39h9m14.425s", (39 * Hour) + (9 * Minute) + (14425 * Millisecond))]
    [InlineData("0.100000000000000000000h", 6 * Minute)]
    [InlineData("0.3333333333333333333h", (20 * Minute) - 1)]
    [InlineData("2540400h10m10s", (2540400 * Hour) + (10 * Minute) + (10 * Second))]
    [InlineData("9223372036854775807ns", 92233720368547758)]
    [InlineData("9223372036854775.807us", 92233720368547758)]
    public void What_Go_reads_is_read_alike(string text, long ticks)
    {
        Assert.True(GoDuration.TryParse(text, out TimeSpan duration));
        Assert.Equal(ticks, duration.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("5")]
    [InlineData("00")]
    [InlineData("1.5")]
    [InlineData("s")]
    [InlineData(".")]
    [InlineData(".s")]
    [InlineData("+.s")]
    [InlineData("1m30")]
    [InlineData("1 m")]
    [InlineData(" 1m")]
    [InlineData("1m ")]
    [InlineData("1m 30s")]
    [InlineData("5M")]
    [InlineData("5d")]
    [InlineData("5sec")]
    [InlineData("1..5s")]
    [InlineData("1.2.3s")]
    [InlineData("1e3s")]
    [InlineData("1,5s")]
    [InlineData("++5s")]
    [InlineData("1m+5s")]
    [InlineData("-5s")]
    [InlineData("٣s")]
    [InlineData("9223372036854775808ns")]
    [InlineData("9223372036854775.808us")]
    [InlineData("9223372036854775807ns1ns")]
    [InlineData("2562048h")]
    [InlineData("3000000h")]
    [InlineData("99999999999999999999999999h")]
    public void What_Go_refuses_is_refused(string text) => Assert.False(GoDuration.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1, "100ns")]
    [InlineData(12, "1.2µs")]
    [InlineData(Millisecond, "1ms")]
    [InlineData((2 * Millisecond) + 1, "2.0001ms")]
    [InlineData(500 * Millisecond, "500ms")]
    [InlineData(Second, "1s")]
    [InlineData(1500 * Millisecond, "1.5s")]
    [InlineData(90 * Second, "1m30s")]
    [InlineData(5 * Minute, "5m")]
    [InlineData(Hour, "1h")]
    [InlineData(Hour + Second, "1h1s")]
    [InlineData(Hour + (30 * Minute), "1h30m")]
    [InlineData(48 * Hour, "48h")]
    [InlineData(Second + 1, "1.0000001s")]
    [InlineData(-90 * Second, "-1m30s")]
    [InlineData(long.MinValue, "-256204778h48m5.4775808s")]
    public void The_shortest_form_is_written(long ticks, string text) => Assert.Equal(text, GoDuration.Format(new TimeSpan(ticks)));

    [Fact]
    public void What_is_written_is_read_back() => Chance.Try(10_000, random =>
    {
        // All magnitudes alike, up to the 292 years that Go can hold.
        var duration = new TimeSpan(random.NextInt64(0, (long)Math.Pow(10, random.Next(1, 17))));
        string text = GoDuration.Format(duration);
        Assert.True(GoDuration.TryParse(text, out TimeSpan again) && again == duration, $"{duration.Ticks} ticks became {text}");
    });
}
