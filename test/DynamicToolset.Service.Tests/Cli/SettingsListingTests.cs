using DynamicToolset.Service.Cli;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Tests.Cli;

public sealed class SettingsListingTests
{
    [Fact]
    public void Values_stand_in_a_table_with_their_origin_and_secrets_are_masked()
    {
        Dictionary<string, string> environment = new() { ["HOLMES_RELOAD_API_KEY"] = "hunter2", ["NAMESPACES"] = "a, b" };
        SettingsReading reading = SettingsReading.Of(
            SettingsProfile.Sandbox,
            new Dictionary<string, string> { ["PORT"] = "8081" },
            environment.GetValueOrDefault,
            SettingsFile.Parse("my.yaml", "DISCOVERY_INTERVAL: 90s"));
        HashSet<string> rows = ["NAMESPACES", "PREFERRED_NAMESPACES", "DISCOVERY_INTERVAL", "HEALTH_CHECK_INTERVAL", "HOLMES_RELOAD_API_KEY", "PORT"];

        string table = SettingsListing.Table([.. reading.Effective.Where(setting => rows.Contains(setting.Definition.Name))]);

        Assert.Equal(
            """
            SETTING                VALUE       FROM
            NAMESPACES             a,b         environment
            PREFERRED_NAMESPACES   (none)      default
            DISCOVERY_INTERVAL     1m30s       my.yaml:1:21
            HEALTH_CHECK_INTERVAL  2s          sandbox default
            HOLMES_RELOAD_API_KEY  <redacted>  environment
            PORT                   8081        --port

            """,
            table);
    }
}
