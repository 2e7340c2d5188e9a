using System.Net;
using DynamicToolset.Cluster;
using DynamicToolset.Service.Api;
using DynamicToolset.Service.Cli;
using DynamicToolset.Service.HolmesReload;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Options;
using DynamicToolset.Service.Tests.Samples;

namespace DynamicToolset.Service.Tests.HolmesReload;

/// <summary>What the status says of the calls that told HolmesGPT.</summary>
public sealed class ReloadStatusTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly Settings Settings = SettingsReading.Of(SettingsProfile.Service, new Dictionary<string, string>(), _ => null).Settings!;

    [Fact]
    public void Each_address_that_could_not_be_told_has_its_line_with_what_to_do()
    {
        ReloadRecord[] records =
        [
            new(IPAddress.Parse("10.0.0.1"), Now.AddSeconds(-9), ReloadResult.Ok),
            new(IPAddress.Parse("10.0.0.2"), Now.AddSeconds(-9), ReloadResult.Of(HttpStatusCode.Unauthorized)),
        ];
        StatusDocument status = DocumentOf(new ReloadStatus("https://h/x", records, More: 3));
        Assert.Equal(["10.0.0.1 ok ", "10.0.0.2 credentials status 401: HOLMES_RELOAD_API_KEY must have the value of HOLMES_API_KEY in HolmesGPT"], status.Reload.Addresses.Select(a => $"{a.Address} {a.Result} {a.Detail}"));
        string text = TextOf(status);
        Assert.Contains("\nHolmesGPT   1 of 2 addresses told to reload 9 s ago, by https://h/x; 3 more are too many to be called\n", text, StringComparison.Ordinal);
        Assert.Contains("\n            10.0.0.2: status 401: HOLMES_RELOAD_API_KEY must have", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_does_not_resolve_has_no_address()
    {
        StatusDocument status = DocumentOf(new ReloadStatus("https://h/x", [new ReloadRecord(null, Now, new ReloadResult("dns", "the name does not resolve"))], More: 0));
        Assert.Null(Assert.Single(status.Reload.Addresses).Address);
        Assert.Contains("\n            the name does not resolve\n", TextOf(status), StringComparison.Ordinal);
    }

    [Fact]
    public void Before_the_first_change_that_is_said_and_without_a_URL_nothing()
    {
        Assert.Contains("\nHolmesGPT   not told to reload yet, by https://h/x\n", TextOf(DocumentOf(new ReloadStatus("https://h/x", [], More: 0))), StringComparison.Ordinal);
        Assert.DoesNotContain("HolmesGPT  ", TextOf(DocumentOf(null)), StringComparison.Ordinal);
    }

    private static StatusDocument DocumentOf(ReloadStatus? told) => new StatusReader("me", new ObjectKey("n", "c"), () => [], () => told)
        .DocumentOf(new ApiView(States.Empty, rules => Controller.ToPipeline(Settings, rules)));

    private static string TextOf(StatusDocument status) => StatusText.Of(new ReportedStatus("api", status, []), Now);
}
