using DynamicToolset.Overrides;
using DynamicToolset.Rules;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Overrides;

public sealed class OverrideFilesTests
{
    private const string Folder = "/mnt/o";
    private const string Bad = "a: {enabled: maybe}";

    [Theory]
    [InlineData("a: {enabled: false}", "", "", "a: {enabled: false}")]
    [InlineData("a: {enabled: false}", "", "a: {enabled: true}", "a: {enabled: true}")]
    [InlineData("a: {enabled: false}", "a: {enabled: true}", "", "a: {enabled: true}")]
    [InlineData("a: {url: u1, index: i1}", "a: {url: u2}", "a: {config: {timeout: 3}}", "a: {config: {url: u2, index: i1, timeout: 3}}")]
    [InlineData("a: {config: {l: [1, 2]}}", "a: {config: {l: [3]}}", "", "a: {config: {l: [3]}}")]
    [InlineData("a: {config: {l: [1, 2]}}", "", "a: {config: {l: []}}", "a: {config: {l: []}}")]
    [InlineData("a: {config: {m: {x: 1, y: 2}}}", "a: {config: {m: {y: 3, z: 4}}}", "", "a: {config: {m: {x: 1, y: 3, z: 4}}}")]
    [InlineData("a: {config: {m: {x: 1}}}", "a: {config: {m: 5}}", "a: {config: {m: {z: 6}}}", "a: {config: {m: {z: 6}}}")]
    [InlineData("a: {apiKey: k}", "", "a: {apiKey: null}", "a: {config: {apiKey: null}}")]
    [InlineData("a: {url: u}", "b: {url: v}", "c: {url: w}", "{a: {url: u}, b: {url: v}, c: {url: w}}")]
    [InlineData("", "", "", "")]
    public void A_later_file_counts_over_an_earlier_one_and_the_key_over_all_leaf_by_leaf(string first, string second, string key, string expected)
    {
        OverrideState state = Over(Read(("10.yaml", first), ("20.yaml", second)), key);
        Assert.Equal(OverrideParser.Parse(expected).Entries, state.Merge());
        Assert.True(state.IsKnown);
    }

    [Fact]
    public void The_order_is_that_of_the_names_whatever_order_they_are_read_in() =>
        Assert.Equal(["/mnt/o/10.yaml", "/mnt/o/9.yaml", "/mnt/o/b.yml"], Read(("b.yml", ""), ("9.yaml", ""), ("10.yaml", "")).Files.Select(f => f.Path));

    [Fact]
    public void A_file_that_cannot_be_understood_keeps_what_it_said_last_and_the_others_count()
    {
        OverrideFiles files = Next(Read(("1.yaml", "a: {url: u}"), ("2.yaml", "b: {url: v}")), ("1.yaml", Bad), ("2.yaml", "b: {url: w}"));
        Assert.Equal(OverrideParser.Parse("{a: {url: u}, b: {url: w}}").Entries, Over(files, "").Merge());
        Assert.Equal(["/mnt/o/1.yaml:1:14: \"enabled\" must be true or false"], files.Problems.Select(p => p.ToString()));
        Assert.Equal(OverrideParser.Parse("{a: {url: x}, b: {url: w}}").Entries, Over(Next(files, ("1.yaml", "a: {url: x}"), ("2.yaml", "b: {url: w}")), "").Merge());
    }

    [Theory]
    [InlineData("", "a: {enabled: maybe}", "1.yaml:1:14: \"enabled\" must be true or false", 1)]
    [InlineData("", "a: {enabled: maybe}\nb: {enabled: maybe}\nB: {}", "1.yaml:1:14: \"enabled\" must be true or false (and 2 more)", 1)]
    [InlineData("k: {enabled: maybe}\nl: 5", "a: {enabled: maybe}\nb: {enabled: maybe}", "overrides.yaml:1:14: \"enabled\" must be true or false (and 3 more)", 2)]
    [InlineData("k: {}", "a: {}", null, 0)]
    public void Where_one_problem_is_named_it_says_how_many_others_there_are(string key, string file, string? first, int told)
    {
        OverrideState state = Over(Read(("1.yaml", file)), key);
        Assert.Equal(first, state.FirstProblem?.ToString().Replace($"{Folder}/", "", StringComparison.Ordinal));
        // One line for the key and one for each file.
        Assert.Equal(told, state.Problems.Count());
    }

    [Fact]
    public void What_a_file_said_that_cannot_be_understood_at_the_start_nobody_knows()
    {
        OverrideState state = Over(Read(("1.yaml", Bad), ("2.yaml", "b: {url: v}")), "c: {url: w}");
        Assert.False(state.IsKnown);
        Assert.Null(state.Merge());
        Assert.Equal(OverrideParser.Parse("{b: {url: v}, c: {url: w}}").Entries, Over(Next(state.Files, ("2.yaml", "b: {url: v}")), "c: {url: w}").Merge());
    }

    [Fact]
    public void A_new_file_that_cannot_be_understood_has_said_nothing_yet()
    {
        OverrideFiles files = Next(Read(("1.yaml", "a: {url: u}")), ("1.yaml", "a: {url: u}"), ("2.yaml", Bad));
        Assert.Equal(OverrideParser.Parse("a: {url: u}").Entries, Over(files, "").Merge());
        Assert.Single(files.Problems);
    }

    [Fact]
    public void A_file_that_is_gone_takes_its_overrides_along() =>
        Assert.Equal(OverrideParser.Parse("b: {url: v}").Entries, Over(Next(Read(("1.yaml", "a: {url: u}"), ("2.yaml", "b: {url: v}")), ("2.yaml", "b: {url: v}")), "").Merge());

    [Fact]
    public void Where_the_directory_cannot_be_read_all_stay_and_so_it_is_when_it_is_back()
    {
        OverrideFiles before = Read(("1.yaml", "a: {url: u}"));
        OverrideFiles gone = before.Next([], [new RuleProblem(Folder, new YamlPosition(1, 1), "the directory cannot be read")], Folder);
        gone = gone.Next([], [new RuleProblem(Folder, new YamlPosition(1, 1), "the directory cannot be read")], Folder);
        Assert.Equal(OverrideParser.Parse("a: {url: u}").Entries, Over(gone, "").Merge());
        Assert.Equal(["/mnt/o:1:1: the directory cannot be read"], gone.Problems.Select(p => p.ToString()));
        Assert.Equal(before, Next(gone, ("1.yaml", "a: {url: u}")));
    }

    [Fact]
    public void The_same_content_is_no_news() =>
        Assert.Equal(
            (true, false, false),
            (Read(("1.yaml", "a: {url: u}")) == Read(("1.yaml", "# the same\na: {url: u}")),
                Read(("1.yaml", "a: {url: u}")) == Read(("1.yaml", "a: {url: v}")),
                Over(Read(("1.yaml", "a: {url: u}")), "") == Over(OverrideFiles.None, "")));

    [Theory]
    [InlineData("a: {enabled: false}", "", "", "1.yaml of OVERRIDES_DIR: enabled")]
    [InlineData("a: {enabled: false, config: {url: u}}", "", "a: {enabled: true}", "1.yaml of OVERRIDES_DIR: config.url; overrides.yaml: enabled")]
    [InlineData("a: {url: u}", "a: {url: v}", "", "2.yaml of OVERRIDES_DIR: config.url")]
    [InlineData("a: {config: {m: {x: 1}}}", "a: {config: {m: 5}}", "a: {config: {m: {z: 6}}}", "overrides.yaml: config.m.z")]
    [InlineData("a: {config: {m: {x: 1}}}", "a: {config: {m: {y: 2}}}", "a: {apiKey: null}", "1.yaml of OVERRIDES_DIR: config.m.x; 2.yaml of OVERRIDES_DIR: config.m.y; overrides.yaml: config.apiKey")]
    [InlineData("a: {config: {'k y': 1}}", "", "", "1.yaml of OVERRIDES_DIR: config.\"k y\"")]
    [InlineData("a: {config: {\"k\\ny\": 1}}", "", "", "1.yaml of OVERRIDES_DIR: config.\"k\\u000ay\"")]
    [InlineData("a: {config: {b: 1, c: 2, d: 3, e: 4, f: 5, g: 6, h: 7}}", "", "", "1.yaml of OVERRIDES_DIR: config.b, config.c, config.d, config.e, config.f and 2 more")]
    [InlineData("b: {url: u}", "", "", "")]
    public void Who_says_what_in_the_end_is_told_by_paths_and_never_by_values(string first, string second, string key, string expected) =>
        Assert.Equal(expected, OverrideOrigins.Describe(Over(Read(("1.yaml", first), ("2.yaml", second)), key).OriginsOf("a")));

    private static OverrideFiles Read(params (string Name, string Text)[] files) => OverrideFiles.Read(Files(files), []);

    private static OverrideFiles Next(OverrideFiles before, params (string Name, string Text)[] files) => before.Next(Files(files), [], Folder);

    private static IEnumerable<RuleFile> Files((string Name, string Text)[] files) => files.Select(f => new RuleFile($"{Folder}/{f.Name}", f.Text));

    private static OverrideState Over(OverrideFiles files, string key) => OverrideState.Start.Next(OverrideParser.Parse(key)) with { Files = files };
}
