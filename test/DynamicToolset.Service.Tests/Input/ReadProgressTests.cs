using DynamicToolset.Service.Input;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Input;

public sealed class ReadProgressTests
{
    private const int MiB = 1024 * 1024;
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_short_read_shows_nothing()
    {
        using var screen = new StringWriter();
        var progress = new ReadProgress(screen, _time);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        progress.Add("stdin", 100 * MiB);
        progress.End();
        Assert.Equal("", screen.ToString());
    }

    [Fact]
    public void A_long_one_shows_how_far_it_is_five_times_a_second_in_one_line_that_is_gone_at_the_end()
    {
        using var screen = new StringWriter();
        var progress = new ReadProgress(screen, _time);
        for (int step = 0; step < 30; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            progress.Add("stdin", MiB / 2);
        }

        progress.End();
        Assert.Equal("\r\e[Kreading stdin: 10.0 MiB\r\e[Kreading stdin: 12.0 MiB\r\e[Kreading stdin: 14.0 MiB\r\e[K", screen.ToString());
    }

    [Fact]
    public void Where_nobody_looks_nothing_is_shown()
    {
        var progress = new ReadProgress(null, _time);
        _time.Advance(TimeSpan.FromMinutes(1));
        progress.Add("stdin", MiB);
        progress.End();
    }
}
