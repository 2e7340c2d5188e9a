using System.Collections.Immutable;
using DynamicToolset.Forms;
using DynamicToolset.Holmes;
using DynamicToolset.Overrides;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Forms;

/// <summary>
/// Every field of rules and overrides with everything that does not belong there. The places are those of the grammar that the parser reads by, so that
/// none is forgotten; what each takes is written down in a table. With UPDATE_GOLDEN=1 it is written anew: review what a place takes now.
/// </summary>
public sealed class GrammarTableTests
{
    private static readonly ImmutableArray<Grammar> Grammars =
    [
        new("rules.txt", [.. Place.In(RuleGrammar.Document, "", yaml => yaml)], text => [.. RuleParser.Read(new RuleFile("x", text)).Problems.Select(p => new YamlProblem(p.Position, p.Message))]),
        new(
            "overrides.txt",
            [.. Place.In(OverrideGrammar.Long, "NAME", yaml => $"grafana: {yaml}"), .. Place.In(OverrideGrammar.Short, "NAME", yaml => $"grafana: {yaml}").DistinctBy(p => p.Path)],
            text => OverrideParser.Parse(text).Problem is { } problem ? [problem] : []),
    ];

    public static TheoryData<string> Tables { get; } = [.. Grammars.Select(g => g.Table)];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Each_place_takes_what_the_table_says_and_refuses_all_else_where_it_stands(string table)
    {
        Grammar grammar = Find(table);
        string now = string.Concat(grammar.Places.Select(p => Shapes.Line(p, Shapes.All.Where(s => IsTaken(grammar, p, s.Yaml)).Select(s => s.Name))));
        string path = Path.Combine(Repository.Root, "test", "DynamicToolset.Tests", "Forms", table);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(path, now);
        Assert.Equal(File.ReadAllText(path), now);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void The_example_of_each_place_is_right(string table) => Assert.All(
        Find(table).Places.Where(p => p.Form is not RefusedForm), p => Assert.Empty(Find(table).Read(p.Around(p.Form.Example))));

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_word_in_the_wrong_case_is_refused_with_those_that_are_known(string table)
    {
        Grammar grammar = Find(table);
        foreach (Place place in grammar.Places)
        {
            if (Shapes.InOtherCase(place.Form) is not { } word)
                continue;
            (string text, int column) = place.With(word);
            Assert.Contains(grammar.Read(text), p => p.Position == new YamlPosition(1, column) && p.Message.Contains(place.Form.Allowed, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_field_that_is_there_twice_is_refused_where_it_is_again(string table)
    {
        Grammar grammar = Find(table);
        foreach ((Place map, Field field) in grammar.Places.SelectMany(p => p.Form.Fields.Select(f => (p, f))))
        {
            string once = $"{{{field.Name}: x, ";
            (string text, int column) = map.With($"{once}{field.Name}: x}}");
            Assert.Equal([$"1:{column + once.Length}: This key is a duplicate of line 1: keep one of them"], grammar.Read(text).Select(p => p.ToString()));
        }
    }

    [Fact]
    public void A_field_that_is_unknown_is_refused_in_every_map_of_a_rule_with_those_that_are_known()
    {
        Grammar grammar = Find("rules.txt");
        Place[] maps = [.. grammar.Places.Where(p => !p.Form.Fields.IsEmpty && p.Form is not TreeForm)];
        Assert.True(maps.Length > 10);
        foreach (Place map in maps)
        {
            (string text, int column) = map.With("{Unknown: x}");
            Assert.Contains(grammar.Read(text), p =>
                p.Position == new YamlPosition(1, column + 1) && p.Message == $"unknown field \"Unknown\": known are {string.Join(", ", map.Form.Fields.Select(f => f.Name))}");
        }
    }

    [Fact]
    public void Every_key_with_a_form_and_every_header_that_nobody_sets_is_on_the_page_of_overrides()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "overrides.md"));
        string[] words = [.. OverrideGrammar.Short.Fields.Select(f => f.Name), .. HttpHeader.OfTheClient];
        Assert.All(words, word => Assert.Contains($"`{word}`", page, StringComparison.Ordinal));
    }

    /// <summary>What is refused is refused at the place, or in it, and one value with what is allowed there.</summary>
    private static bool IsTaken(Grammar grammar, Place place, string yaml)
    {
        (string text, int column) = place.With(yaml);
        ImmutableArray<YamlProblem> problems = grammar.Read(text);
        Assert.All(problems, p => Assert.True(
            p.Position.Line == 1 && p.Position.Column >= column && p.Position.Column < column + yaml.Length, $"{text} is refused at another place than {column}: {p}"));
        if (!problems.IsEmpty && place.Form is not RefusedForm && yaml[0] is not ('[' or '{'))
            Assert.EndsWith($" must be {place.Form.Allowed}{(yaml == "~" ? ", and not null" : "")}", problems[0].Message, StringComparison.Ordinal);
        return problems.IsEmpty;
    }

    private static Grammar Find(string table) => Grammars.Single(g => g.Table == table);

    private sealed record Grammar(string Table, ImmutableArray<Place> Places, Func<string, ImmutableArray<YamlProblem>> Read);
}
