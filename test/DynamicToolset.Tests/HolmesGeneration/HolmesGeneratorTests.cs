using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Reconciliation;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Tests.HolmesGeneration;

public sealed class HolmesGeneratorTests
{
    private const string Marker = "(content ";

    private static readonly HolmesFile Good = new HolmesGoldenCase("everything").Make(HolmesTarget.Compat);

    [Fact]
    public void The_hash_is_of_the_whole_text_with_zeros_in_its_place()
    {
        int at = Good.Text.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length;
        string rest = Good.Text[..at] + new string('0', 16) + Good.Text[(at + 16)..];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rest)))[..16], Good.Text.Substring(at, 16));
    }

    [Fact]
    public void Every_change_of_a_URL_changes_the_description_of_the_inventory()
    {
        string[] hashes = [.. new[] { "http://a.b:1", "http://a.b:2" }.Select(u => HashIn(Make(("x", u)).Text))];
        Assert.NotEqual(hashes[0], hashes[1]);
    }

    /// <summary>Linux takes no longer argument than 128 KiB.</summary>
    [Fact]
    public void The_inventory_of_many_says_how_many_it_does_not_show()
    {
        HolmesFile file = Make([.. Enumerable.Range(0, 3000).Select(i => ($"s{i}", $"http://s{i}.some-namespace:8080"))]);
        string command = file.Text.Split('\n').Single(l => l.Contains("printf", StringComparison.Ordinal));
        Assert.InRange(command.Length, 60 * 1024, 66 * 1024);
        Assert.Matches(" and [0-9]+ more\"$", command);
        Assert.False(file.IsRefused);
    }

    [Fact]
    public void A_shortened_name_that_somebody_has_already_gives_way()
    {
        string tooLong = new('a', 200);
        string taken = EntriesOf(Make((tooLong, "http://a.b:1"))).Single();
        string[] entries = EntriesOf(Make((taken, "http://a.b:2"), (tooLong, "http://a.b:1")));
        Assert.Equal(2, entries.Length);
        Assert.Contains(taken, entries);
    }

    [Fact]
    public void The_longest_URL_may_have_a_slash_more()
    {
        string url = "https://grafana.example.com/".PadRight(2048, 'x');
        HolmesFile file = new HolmesGenerator(new HolmesProfile(HolmesTarget.Compat, [])).Generate([Own("grafana", "grafana", url)]);
        Assert.Contains($"url: \"{url}/\"\n", file.Text, StringComparison.Ordinal);
        Assert.Empty(file.LeftOut);
    }

    [Theory]
    [InlineData(HolmesTarget.Compat)]
    [InlineData(HolmesTarget.Current)]
    public void A_header_may_be_called_as_a_setting_is(HolmesTarget target)
    {
        Toolset toolset = Own(
            "prometheus", "prometheus", ("url", new ToolsetValue.Text("http://a.b:80")), ("headers", ToolsetValue.Map.Of(("url", new ToolsetValue.Text("shop")))));
        HolmesFile file = new HolmesGenerator(new HolmesProfile(target, [])).Generate([toolset]);
        Assert.Contains("url: \"shop\"\n", file.Text, StringComparison.Ordinal);
        Assert.Empty(file.LeftOut);
    }

    /// <summary>By curl, by HolmesGPT's toolset of type http, and by toolsets of its own.</summary>
    [Theory]
    [InlineData("custom", HolmesTarget.Compat)]
    [InlineData("custom", HolmesTarget.Current)]
    [InlineData("elasticsearch", HolmesTarget.Current)]
    [InlineData("grafana", HolmesTarget.Current)]
    public void A_timeout_is_kept_from_a_second_to_a_day_and_told_beyond(string type, HolmesTarget target)
    {
        foreach ((string seconds, bool isKept) in new[] { ("0", false), ("-1", false), ("1", true), ("601", true), ("86400", true), ("86401", false), ("1000000000", false), ("1.5", false) })
            AssertTimeout(type, target, "timeout_seconds", new ToolsetValue.Number(seconds), isKept ? seconds : null);
        foreach ((string duration, string? seconds) in new[] { ("0s", null), ("0", null), ("1ms", "1"), ("1.5s", "2"), ("11m", "660"), ("24h", "86400"), ("24h1s", null) })
            AssertTimeout(type, target, "timeout", new ToolsetValue.Text(duration), seconds);
    }

    [Theory]
    [InlineData("max_query_timeout_seconds", false)]
    [InlineData("rules_cache_duration_seconds", true)]
    public void Nothing_is_no_time_to_wait_but_one_to_keep_rules_for(string key, bool mayBeZero)
    {
        HolmesFile file = Make(HolmesTarget.Compat, Own("prometheus", "prometheus", ("url", new ToolsetValue.Text("http://a.b:80")), (key, new ToolsetValue.Number("0"))));
        Assert.Equal(mayBeZero, file.Text.Contains($"{key}: 0\n", StringComparison.Ordinal));
        Assert.Equal(mayBeZero ? [] : [$"config.{key}"], file.LeftOut.Select(o => o.Path));
    }

    [Theory]
    [InlineData(HolmesTarget.Compat)]
    [InlineData(HolmesTarget.Current)]
    public void Headers_are_read_alike_for_commands_and_without_them(HolmesTarget target)
    {
        foreach ((ToolsetValue headers, string reason) in new (ToolsetValue, string)[]
        {
            (new ToolsetValue.Nothing(), "is null, which HolmesGPT rejects: remove the key"),
            (new ToolsetValue.Text("x"), "must be a map of texts"),
        })
        {
            HolmesFile file = Make(target, Own("mine", "custom", ("url", new ToolsetValue.Text("http://a.b:80")), ("headers", headers)));
            Assert.Equal([new HolmesOmission("mine", "config.headers", reason)], file.LeftOut);
        }
    }

    [Theory]
    [InlineData("custom", HolmesTarget.Compat, true)]
    [InlineData("custom", HolmesTarget.Current, true)]
    [InlineData("jaeger", HolmesTarget.Current, true)]
    [InlineData("elasticsearch", HolmesTarget.Compat, true)]
    [InlineData("elasticsearch", HolmesTarget.Current, false)]
    [InlineData("prometheus", HolmesTarget.Compat, false)]
    public void A_URL_that_is_not_plain_costs_the_entry_wherever_it_would_stand_in_a_command_or_a_toolset_of_type_http(string type, HolmesTarget target, bool isLost)
    {
        HolmesFile file = Make(target, Own("mine", type, "HTTP://[fd00::1]"));
        Assert.Equal(!isLost, file.Text.Contains("url: \"http://[fd00::1]\"\n", StringComparison.Ordinal));
        Assert.Equal(
            isLost ? ["its URL has parts that a command or a toolset of type http cannot use: write http://host:port/path with letters, digits and ._~/-"] : [],
            file.LeftOut.Where(o => o.Path.Length == 0).Select(o => o.Reason));
    }

    [Fact]
    public void A_base_toolset_that_was_discovered_is_not_told_as_missing_beside_one_that_is()
    {
        HolmesFile file = new HolmesGenerator(new HolmesProfile(HolmesTarget.Compat, ["grafana/dashboards", "no/such", "kubernetes/core"])).Generate([Own("grafana", "grafana")]);
        Assert.Equal(["no/such"], file.LeftOut.Select(o => o.Toolset));
        Assert.False(file.IsRefused);
        Assert.Matches(@"(?s)\n  grafana/dashboards:.*\n  kubernetes/core:", file.Text);
    }

    /// <summary>A name that no Service can have stands for whatever else HolmesGPT might not take.</summary>
    [Fact]
    public void Of_two_entries_for_one_backend_each_is_named_that_is_not_there()
    {
        HolmesFile file = new HolmesGenerator(new HolmesProfile(HolmesTarget.Current, [])).Generate([Own("a\a", "elasticsearch"), Own("b", "elasticsearch")]);
        Assert.False(file.IsRefused);
        Assert.DoesNotContain("elasticsearch/", file.Text, StringComparison.Ordinal);
        Assert.Equal(
            ["the entry elasticsearch/data is missing: \"name\" has a control character", "the entry elasticsearch/cluster is missing: \"name\" has a control character"],
            file.LeftOut.Where(o => o is { Toolset: "b", Path: "" }).Select(o => o.Reason.Split('.')[0]));
    }

    /// <summary>As above. A dot in any key would cost the whole file.</summary>
    [Fact]
    public void An_entry_that_would_cost_the_file_is_left_out_alone()
    {
        HolmesFile file = Make(("a.b", "http://a.b:1"), ("fine", "http://a.b:2"));
        Assert.False(file.IsRefused);
        Assert.Equal(["fine"], EntriesOf(file));
        HolmesOmission omission = Assert.Single(file.LeftOut);
        Assert.Equal("the entry discovered/a.b is missing: \"discovered/a.b\" is a key with a dot", omission.Reason.Split(". ")[0]);
        Assert.EndsWith("[dotted-key]", omission.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grafana", "grafana-teamb-grafana", "grafana-teamc-grafana")]
    [InlineData("grafana-teamb-grafana", "grafana")]
    [InlineData("grafana-teamc-grafana", "grafana-teamb-grafana")]
    public void What_takes_one_of_a_kind_takes_the_first_whatever_it_is_called(params string[] names)
    {
        HolmesFile file = Make(HolmesTarget.Compat, [.. names.Select(n => OfATeam(n))]);
        Assert.Contains($"  grafana/dashboards:\n", file.Text, StringComparison.Ordinal);
        AssertOnlyWhatIsWishedForIsThere(file, names[0], names[1..]);
        Assert.Equal(names[1..], file.LeftOut.Select(o => o.Toolset));
        string reason = $"HolmesGPT supports only one grafana/dashboards, and {names[0]} is used";
        Assert.All(file.LeftOut, o => Assert.StartsWith(reason, o.Reason, StringComparison.Ordinal));
    }

    /// <summary>An admin has switched it off, or sends it to where HolmesGPT cannot ask.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_the_first_of_a_kind_cannot_be_asked_the_next_is_with_its_own_wishes(bool isDisabled)
    {
        Toolset first = isDisabled ? OfATeam("grafana") : OfATeam("grafana", "ftp://grafana");
        if (isDisabled)
            first = first with { Body = new ToolsetValue.Map(first.Body.Entries.Add(new("enabled", new ToolsetValue.Flag(false)))) };
        HolmesFile file = Make(HolmesTarget.Compat, first, OfATeam("grafana-teamb-grafana"));
        AssertOnlyWhatIsWishedForIsThere(file, "grafana-teamb-grafana", ["grafana"]);
    }

    [Fact]
    public void Each_instance_of_a_kind_has_the_wishes_for_it_and_no_other_ones()
    {
        string[] names = ["grafana-teamb-grafana", "grafana"];
        string[] instances = Make(HolmesTarget.Current, [.. names.Select(n => OfATeam(n))]).Text.Split("- name: ")[1..^1];
        Assert.Equal(names.Length, instances.Length);
        for (int i = 0; i < names.Length; i++)
        {
            Assert.Contains($"api_url: \"http://{names[i]}.team:3000/\"", instances[i], StringComparison.Ordinal);
            Assert.Contains($" env.{KeyOf(names[i])} ", instances[i], StringComparison.Ordinal);
            Assert.DoesNotContain($" env.{KeyOf(names[1 - i])} ", instances[i], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_is_not_fit_leaves_the_key_as_it_is_there_or_not()
    {
        HolmesFile unfit = Good with { Problems = ["not fit"] };
        DesiredConfigMap desired = DesiredConfigMap.Of([], null, keepsUnknown: false).With(unfit);
        ConfigMapRecord empty = Converged(desired), present = empty.With(ToolsetKey.Holmes, "the last good one");
        Assert.IsType<ConfigMapPlan.None>(ConfigMapPlanner.Plan(desired, present));
        Assert.IsType<ConfigMapPlan.None>(ConfigMapPlanner.Plan(desired, empty));
        Assert.DoesNotContain(ToolsetKey.Holmes, Assert.IsType<ConfigMapPlan.Create>(ConfigMapPlanner.Plan(desired, null)).Content.Data.Keys);
    }

    [Fact]
    public void Where_no_file_is_wanted_one_that_is_there_is_removed()
    {
        DesiredConfigMap desired = DesiredConfigMap.Of([], null, keepsUnknown: false).With(null);
        var plan = Assert.IsType<ConfigMapPlan.Patch>(ConfigMapPlanner.Plan(desired, Converged(desired).With(ToolsetKey.Holmes, "x")));
        Assert.Equal([KeyValuePair.Create(ToolsetKey.Holmes, (string?)null)], plan.Changes.Data);
    }

    private static ConfigMapRecord Converged(DesiredConfigMap desired) => Store.Apply(ConfigMapPlanner.Plan(desired, null), null)!;

    private static void AssertTimeout(string type, HolmesTarget target, string key, ToolsetValue value, string? seconds)
    {
        HolmesFile file = Make(target, Own("mine", type, ("url", new ToolsetValue.Text("http://a.b:80")), (key, value)));
        if (seconds is not null)
            Assert.Matches($"(--max-time|timeout_seconds:) {seconds}[ \n]", file.Text);
        Assert.Equal(seconds is null ? [$"config.{key}"] : [], file.LeftOut.Select(o => o.Path));
    }

    /// <summary>With a URL, a key and words that tell whose they are.</summary>
    private static Toolset OfATeam(string name, string? url = null) => new(
        name,
        "grafana",
        ToolsetValue.Map.Of(
            ("config", ToolsetValue.Map.Of(
                ("url", new ToolsetValue.Text(url ?? $"http://{name}.team:3000")),
                ("apiKey", new ToolsetValue.Text($"${{{KeyOf(name)}}}")))),
            ("llm_instructions", new ToolsetValue.Text($"Ask {name}."))),
        new ToolsetSource.Override());

    private static string KeyOf(string name) => $"KEY_OF_{name.Replace('-', '_').ToUpperInvariant()}";

    private static void AssertOnlyWhatIsWishedForIsThere(HolmesFile file, string name, string[] others)
    {
        string entry = file.Text.Split("  grafana/dashboards:")[1].Split("  discovered/")[0];
        Assert.Contains($"url: \"http://{name}.team:3000\"\n", entry, StringComparison.Ordinal);
        Assert.Contains($"api_key: \"{{{{ env.{KeyOf(name)} }}}}\"\n", entry, StringComparison.Ordinal);
        Assert.Contains($" grafana/dashboards: Ask {name}. It asks http://{name}.team:3000.\"\n", file.Text, StringComparison.Ordinal);
        Assert.All(others, o => Assert.DoesNotContain($"{KeyOf(o)} ", entry, StringComparison.Ordinal));
        Assert.All(others, o => Assert.DoesNotContain($"//{o}.", entry, StringComparison.Ordinal));
        Assert.All(others, o => Assert.DoesNotContain($"Ask {o}.", file.Text, StringComparison.Ordinal));
    }

    /// <summary>HolmesGPT takes any other answer there for a failure.</summary>
    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 200, 204)]
    [InlineData(false, 200, 401)]
    [InlineData(false, 200, 204, 401, 403)]
    public void HolmesGPT_is_told_to_check_over_http_only_where_it_wants_what_we_want(bool isTold, params int[] statuses)
    {
        var check = new HealthCheckTarget(EndpointUrl.TryCreate("http", new ObjectKey("b", "a"), 80, "")!, "/health", new AcceptedStatuses([.. statuses]));
        Toolset toolset = Own("mine", "custom", "http://a.b:80") with { Source = new ToolsetSource.Service(new ObjectKey("b", "a")) { Check = check } };
        Assert.Equal(isTold, Make(HolmesTarget.Current, toolset).Text.Contains("health_check_url: \"http://a.b:80/health\"", StringComparison.Ordinal));
    }

    private static HolmesFile Make(params ImmutableArray<(string Name, string Url)> toolsets) =>
        Make(HolmesTarget.Compat, [.. toolsets.Select(t => Own(t.Name, "custom", t.Url))]);

    private static HolmesFile Make(HolmesTarget target, params ImmutableArray<Toolset> toolsets) => new HolmesGenerator(new HolmesProfile(target, [])).Generate(toolsets);

    private static Toolset Own(string name, string type, string url = "http://a.b:80") => Own(name, type, ("url", new ToolsetValue.Text(url)));

    private static Toolset Own(string name, string type, params ReadOnlySpan<(string, ToolsetValue)> config) =>
        new(name, type, ToolsetValue.Map.Of(("config", ToolsetValue.Map.Of(config))), new ToolsetSource.Override());

    /// <summary>The names of the entries behind <c>discovered/</c>, without the inventory.</summary>
    private static string[] EntriesOf(HolmesFile file) =>
        [.. Regex.Matches(file.Text, "(?m)^  discovered/([a-z0-9-]+):$").Select(m => m.Groups[1].Value).Where(n => n != "inventory")];

    private static string HashIn(string text) => text.Substring(text.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length, 16);
}
