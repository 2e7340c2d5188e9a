using System.Text;
using DynamicToolset.Kubernetes.Config;
using DynamicToolset.Messages;
using DynamicToolset.Service.Input;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Input;

public sealed class InputFileTests : IDisposable
{
    private static readonly Bound Longest = new("a file", 64 * 1024, "bytes", "it is refused");

    private readonly PipeFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_kind_of_thing_is_called_what_it_is()
    {
        File.WriteAllText(_folder.File("file"), "");
        File.CreateSymbolicLink(_folder.File("link"), "file");
        File.CreateSymbolicLink(_folder.File("to-a-pipe"), "pipe");
        File.CreateSymbolicLink(_folder.File("dangling"), "nowhere");
        _folder.Make("pipe");
        _folder.MakeSocket("socket");
        PathKind[] kinds = [.. new[] { "file", "link", "to-a-pipe", "dangling", "pipe", "socket", ".", "é" }.Select(n => PathKinds.Of(_folder.File(n)))];
        Assert.Equal([PathKind.Regular, PathKind.Regular, PathKind.Pipe, PathKind.Unknown, PathKind.Pipe, PathKind.Socket, PathKind.Directory, PathKind.Unknown], kinds);
        Assert.Equal(PathKind.Device, PathKinds.Of("/dev/null"));
    }

    [Theory]
    [InlineData(64 * 1024, true)]
    [InlineData((64 * 1024) + 1, false)]
    public void A_file_may_have_as_much_as_is_allowed(int length, bool isRead)
    {
        string text = new('é', 1);
        File.WriteAllText(_folder.File("file"), new string('x', length - 2) + text);
        if (isRead)
            Assert.EndsWith("xé", InputFile.ReadRegular(_folder.File("file"), Longest), StringComparison.Ordinal);
        else
            Assert.Equal("it has more than 64 KiB", Assert.Throws<InputTooLargeException>(() => InputFile.ReadRegular(_folder.File("file"), Longest)).Message);
    }

    [Fact]
    public void What_is_no_UTF_8_is_refused_and_a_byte_order_mark_stays()
    {
        File.WriteAllBytes(_folder.File("file"), [0xC3]);
        Assert.Throws<DecoderFallbackException>(() => InputFile.ReadRegular(_folder.File("file"), Longest));
        File.WriteAllBytes(_folder.File("file"), [0xEF, 0xBB, 0xBF, 0x61]);
        Assert.Equal("\uFEFFa", InputFile.ReadRegular(_folder.File("file"), Longest));
    }

    [Fact]
    public async Task Who_waits_for_a_pipe_that_nobody_writes_to_can_be_called_off()
    {
        using var stop = new CancellationTokenSource();
        Task<string> reading = InputFile.ReadAsync(_folder.Make("pipe"), Longest, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromSeconds(30), Stop));
    }

    [Fact]
    public async Task A_pipe_that_has_an_end_is_read_to_it()
    {
        string pipe = _folder.Make("pipe");
        Task<string> once = InputFile.ReadAsync(pipe, Longest, Stop);
        await File.WriteAllTextAsync(pipe, "one", Stop);
        Assert.Equal("one", await once);
        Task<string> again = Task.Run(() => InputFile.ReadWithin(pipe, Longest, new FakeTimeProvider()), Stop);
        await File.WriteAllTextAsync(pipe, "two", Stop);
        Assert.Equal("two", await again);
    }

    public void Dispose() => _folder.Dispose();
}
