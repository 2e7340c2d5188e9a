using System.Net;
using DynamicToolset.LeaderElection;
using static DynamicToolset.Tests.LeaderElection.Leases;

namespace DynamicToolset.Tests.LeaderElection;

public sealed class LeaderAddressTests
{
    [Theory]
    [InlineData("10.1.2.3", 8080, "http://10.1.2.3:8080")]
    [InlineData("fd00::1", 80, "http://[fd00::1]:80")]
    [InlineData("fe80::1%3", 80, "http://[fe80::1]:80")]
    [InlineData("::ffff:10.1.2.3", 65535, "http://[::ffff:10.1.2.3]:65535")]
    public void An_address_is_written_in_one_way_and_read_back(string address, int port, string text)
    {
        var written = LeaderAddress.Of(IPAddress.Parse(address), port);
        Assert.Equal(text, written.ToString());
        Assert.Equal(written, LeaderAddress.Read(text));
        Assert.Equal(port, new Uri(text).Port);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("http://")]
    [InlineData("https://10.1.2.3:8080")]
    [InlineData("HTTP://10.1.2.3:8080")]
    [InlineData("10.1.2.3:8080")]
    [InlineData("http://10.1.2.3")]
    [InlineData("http://10.1.2.3:0")]
    [InlineData("http://10.1.2.3:65536")]
    [InlineData("http://10.1.2.3:08080")]
    [InlineData("http://10.1.2.3:8080/")]
    [InlineData("http://10.1.2.3:8080/path")]
    [InlineData("http://10.1.2.3:8080@evil.example")]
    [InlineData("http://user@10.1.2.3:8080")]
    [InlineData("http://10.1.2.3:8080 ")]
    [InlineData("http://10.1.2.3:8080\r\nHost: evil")]
    [InlineData("http://evil.example:8080")]
    [InlineData("http://localhost:8080")]
    [InlineData("http://167837955:8080")]
    [InlineData("http://0x0a.1.2.3:8080")]
    [InlineData("http://010.1.2.3:8080")]
    [InlineData("http://10.1.3:8080")]
    [InlineData("http://fd00::1:8080")]
    [InlineData("http://[fd00::1]")]
    [InlineData("http://[FD00::1]:8080")]
    [InlineData("http://[fd00:0::1]:8080")]
    [InlineData("http://[fe80::1%25eth0]:8080")]
    [InlineData("http://[fe80::1%3]:8080")]
    public void Anything_else_is_no_address(string? text) => Assert.Null(LeaderAddress.Read(text));

    [Fact]
    public void A_text_without_end_is_no_address() => Assert.Null(LeaderAddress.Read($"http://10.1.2.3:{new string('0', 1_000_000)}80"));

    [Fact]
    public void Who_follows_knows_where_the_holder_answers_and_who_leads_knows_nobody()
    {
        var address = LeaderAddress.Of(IPAddress.Parse("10.1.2.3"), 8080);
        Election follower = new Election(Options).Read(HeldBy("pod-a.b_0f") with { Address = address }, At(1), At(1));
        Assert.Equal(new OtherLeader("pod-a.b_0f", address), follower.OtherLeaderAt(At(2)));
        Assert.Equal("pod-a.b", follower.OtherLeaderAt(At(2))!.Replica);
        Election leader = new Election(Options).Read(null, At(1), At(1)).Sending().Held(HeldBy(Me) with { Address = address }, At(1), At(1), "f");
        Assert.Null(leader.OtherLeaderAt(At(2)));
        // Its own address stands in the Lease, and it leads no more: nobody is known to.
        Assert.Null(leader.OtherLeaderAt(At(100)));
        Assert.Null(new Election(Options).OtherLeaderAt(At(0)));
        Assert.Null(follower.Read(HeldBy(""), At(2), At(2)).OtherLeaderAt(At(2)));
    }

    /// <summary>Whoever may annotate the Lease cannot keep the others from taking over.</summary>
    [Fact]
    public void Another_address_of_the_same_holder_is_no_renewal()
    {
        Election seen = new Election(Options).Read(HeldBy(Other), At(0), At(0));
        Election told = seen.Told(HeldBy(Other) with { ResourceVersion = "2", Address = LeaderAddress.Of(IPAddress.Loopback, 1) }, At(10));
        Assert.Equal(seen.Seen!.ChangedAt, told.Seen!.ChangedAt);
    }
}
